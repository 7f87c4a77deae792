import { type Input, type Output, secret } from "@pulumi/pulumi";
import { deployWorker } from "./deploy-worker.ts";
import type { ProducerTarget } from "./event-hub.ts";
import { defaultName } from "./names.ts";
import { readScript } from "./scripts.ts";

/** Deploys the demo's consumers (workers/demo/consumers.ts) and gives their Worker's name. One of them emits, and so binds the hub. */
export function deployDemoConsumers(accountId: Input<string>, hub: ProducerTarget): Output<string> {
  return deployWorker("eventhub-demo-consumers", {
    accountId,
    name: defaultName("eventhub-demo-consumers"),
    keepsName: true,
    modules: readScript("demo-consumers"),
    bindings: [{ type: "service", name: "EVENTHUB", service: hub.service }],
    tags: ["demo"],
  }).service;
}

/** What the demo's producer works with. */
export interface DemoProducerOptions {
  accountId: Input<string>;
  hub: ProducerTarget;
  /** What callers must show: the demo is on the open Internet. */
  token: Input<string>;
}

/** Deploys the demo's producer (workers/demo/worker.ts), which takes events over HTTP, and gives its address. */
export function deployDemoProducer({ accountId, hub, token }: DemoProducerOptions): Output<string> {
  const { worker } = deployWorker("eventhub-demo", {
    accountId,
    name: defaultName("eventhub-demo"),
    keepsName: true,
    modules: readScript("demo"),
    bindings: [
      { type: "service", name: "EVENTHUB", service: hub.service },
      { type: "secret_text", name: "DEMO_TOKEN", text: secret(token) },
    ],
    tags: ["demo"],
    public: true,
  });
  return worker.subdomain.apply(({ url }) => (url.startsWith("https://") ? url : `https://${url}`));
}
