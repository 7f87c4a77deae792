import { v7 as uuidv7 } from "uuid";
import type { HandleContext } from "../../schema/contract/index.ts";
import { DEFAULT_MAX_RETRIES } from "../../schema/vocabulary/defaults.ts";

/**
 * Makes the context of a `handle` call: the first attempt of an event that was emitted now and begins its chain, except for the members that you
 * give.
 *
 * @example
 * ```ts
 * expect(await bill({ kind: "order.paid" }, handleContext({ attempt: 6 }))).toBe("failed");
 * ```
 */
export function handleContext(given: Partial<HandleContext> = {}): HandleContext {
  const { dispatchId = uuidv7() } = given;
  return {
    eventId: uuidv7(),
    dispatchId,
    destination: "CONSUMER",
    attempt: 1,
    maxAttempts: DEFAULT_MAX_RETRIES + 1,
    emittedAt: new Date(),
    idempotencyKey: dispatchId,
    hops: 0,
    cloudEvent: false,
    ...given,
  };
}
