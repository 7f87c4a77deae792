/**
 * The stack that deploys the demo: an event hub, its demo consumers and its demo producer. `pulumi up` runs it; see "Deploy" in the README. Each
 * entry in `destinations` is a destination, and `routes` may use exactly these names.
 */
import { R2Bucket } from "@pulumi/cloudflare/r2bucket.js";
import { Config } from "@pulumi/pulumi";
import { deployDemoConsumers, deployDemoProducer } from "./demo.ts";
import { EventHub } from "./event-hub.ts";
import { defaultName } from "./names.ts";

const config = new Config();
const accountId = config.require("accountId");
const databaseUrl = config.requireSecret("databaseUrl");
const databaseEndpoint = config.get("databaseEndpoint");

/** Your team in Cloudflare Access. Without it, there is no console. */
const accessTeam = config.get("accessTeam");

// An existing bucket keeps its name: with another name, Pulumi would delete it and create another.
const archive = new R2Bucket(
  "eventhub-archive",
  { accountId, name: defaultName("eventhub-archive") },
  { ignoreChanges: ["name"] },
);

const eventHub = new EventHub("eventhub", {
  accountId,
  databaseUrl,
  databaseEndpoint,
  tags: ["demo"],
  ...(accessTeam === undefined
    ? {}
    : {
        console: {
          access: { team: accessTeam, allow: config.requireObject<string[]>("operators") },
          environment: { name: "demo", color: "seagreen" },
        },
      }),
  workflow: { retention: { success: "3 days" } },
  settings: { defaultMaxRetries: 5, defaultRetryDelay: { type: "exponential", base: 1, max: 60 } },
  destinations: (hub) => {
    const service = deployDemoConsumers(accountId, hub);
    return {
      STABLE: { kind: "worker", service, entrypoint: "StableConsumer" },
      // At most five groups at once, whatever the load is.
      SLOW: { kind: "worker", service, entrypoint: "SlowConsumer", workflow: { concurrency: 5 } },
      FLAKY: { kind: "worker", service, entrypoint: "FlakyConsumer" },
      REACTOR: { kind: "worker", service, entrypoint: "ReactingConsumer" },
      ARCHIVE: { kind: "r2", bucket: archive.name, prefix: "events/" },
    };
  },
  routes: [
    { name: "archive-all", destination: "ARCHIVE" },
    { name: "orders", condition: { path: "$.kind", prefix: "order." }, destination: "STABLE" },
    { name: "large-orders", condition: { path: "$.order.total", gte: 1_000 }, destination: "SLOW" },
    { name: "payments", condition: { path: "$.payment.id", exists: true }, destination: "FLAKY" },
    { name: "shipped", condition: { path: "$.kind", exact: "order.shipped" }, destination: "REACTOR" },
  ],
});

/** The address at which the demo takes events: `POST /emit`. */
export const demo = deployDemoProducer({
  accountId,
  hub: eventHub.producer,
  token: config.requireSecret("demoToken"),
});

/** The address of the console; `undefined` without `accessTeam`. */
export const operatorsOpen = eventHub.console;

/** The service that your own producer binds: `{ "binding": "EVENTHUB", "service": <this> }`. */
export const producersBind = eventHub.producer.service;
