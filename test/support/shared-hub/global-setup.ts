import type { TestProject } from "vitest/node";
import { type EventHubAddress, startEventHub } from "../../../infra/testing/index.ts";
import { SHOP } from "../shop.ts";

declare module "vitest" {
  interface ProvidedContext {
    eventhub: EventHubAddress;
  }
}

/** Starts the hub that all files share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hub = await startEventHub(SHOP);
  project.provide("eventhub", hub.address);
  console.log(`ADDRESS ${JSON.stringify(hub.address)}`);
  return async () => {
    // For a test of what remains when this process is killed.
    if (process.env.STAY === "true") await new Promise((resolve) => setTimeout(resolve, 200_000));
    await hub.stop();
  };
}
