/** A Pulumi program. */
import { EventHub } from "cf-eventhub-workflows/infra";

const hub = new EventHub("eventhub", {
  accountId: "0",
  databaseUrl: "postgres://user:password@host/database",
  destinations: { BILLING: { kind: "worker", service: "billing" } },
  routes: [{ destination: "BILLING", condition: { path: "$.kind", prefix: "order." } }],
});

export const producersBind = hub.producer.service;
