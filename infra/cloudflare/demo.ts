import { type Input, interpolate, type Output, secret } from "@pulumi/pulumi";
import { hostOf } from "./address.ts";
import { deployWorker } from "./deploy-worker.ts";
import type { ProducerTarget } from "./event-hub.ts";
import { defaultName } from "./names.ts";
import { readScript } from "./read-script.ts";

/** Deploys the demo's consumers (workers/demo/consumers.ts). Returns their Worker's name. One of them emits, so it binds the hub. */
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

/** The options of the demo's producer. */
export interface DemoProducerOptions {
  accountId: Input<string>;
  hub: ProducerTarget;
  /** The token that callers must send: the demo is on the open Internet. */
  token: Input<string>;
}

/** Deploys the demo's producer (workers/demo/worker.ts), which takes events over HTTP. Returns its address. */
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
  return interpolate`https://${hostOf(worker)}`;
}
