import type { EventPayload, HandleContext, HandleReturn } from "cf-eventhub-workflows";

/**
 * Delivery is at least once: a repeat of a dispatch has the same `idempotencyKey`. After a throw or "failed", the dispatch is tried again as its
 * route says.
 */
export function bill(payload: EventPayload, { attempt, idempotencyKey }: HandleContext): HandleReturn {
  if (typeof payload.id !== "string") return { result: "failed", reason: "the order has no id", retry: false };
  console.log(`bills order ${payload.id} (attempt ${attempt}, key ${idempotencyKey})`);
  return "complete";
}
