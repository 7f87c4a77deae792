/** A user's test: in memory, and with the real hub. */
import { expectRoute, fakeEventHub, handleContext, startEventHub } from "cf-eventhub-workflows/testing";
import routing from "./routing.json" with { type: "json" };

interface Paid {
  kind: "order.paid";
  id: string;
}
const paid: Paid = { kind: "order.paid", id: "o-1" };

export async function inMemory(): Promise<number> {
  const hub = fakeEventHub(routing);
  await hub.emit(paid, { idempotencyKey: paid.id });
  expectRoute(routing, { kind: "order.paid" }).toReach("BILLING");
  const attempts = await hub.deliverTo("BILLING", { handle: () => "complete" });
  return attempts.length + handleContext({ attempt: 2 }).attempt;
}

export async function real(): Promise<void> {
  const hub = await startEventHub({ configs: ["hub.wrangler.jsonc"] });
  await hub.emit({ kind: "order.paid", id: "o-2" });
  await hub.settled();
}
