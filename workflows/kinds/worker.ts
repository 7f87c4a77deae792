import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { type BatchConsumer, type Consumer, emitErrorCode } from "../../schema/contract/index.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { FIRST_DAY } from "../../schema/vocabulary/first-day.ts";
import { MAX_HOPS } from "../../schema/vocabulary/limits.ts";
import { describe, failed, type Outcome, readOutcome, unbound } from "../outcome.ts";
import type { CallItem, Kind, Target } from "./kind.ts";

/** A Worker entrypoint with `handle`, or with `handleBatch` if it is declared as a batch. */
export const worker: Kind<DestinationOf<"worker">> = {
  span: { type: "process", kind: "consumer" },
  async call({ binding }, item) {
    try {
      return await callHandle(binding, item);
    } catch (error) {
      if (emitErrorCode(error) !== "loop") throw error;
      return ended(item, errorText(error));
    }
  },
  callBatch,
};

async function callBatch({ binding }: Target<unknown>, items: readonly CallItem[]): Promise<Outcome[] | Outcome> {
  const batch = items.map(({ payload, context }) => ({ payload, context }));
  try {
    return await callMethod(
      items[0],
      "handleBatch",
      () => (binding as BatchConsumer).handleBatch(batch),
      (returned) => {
        if (Array.isArray(returned) && returned.length === items.length) return returned.map(readOutcome);
        const what = Array.isArray(returned) ? `${returned.length} results` : describe(returned);
        return failed(`handleBatch returned ${what} instead of ${items.length} results`);
      },
    );
  } catch (error) {
    if (emitErrorCode(error) !== "loop") throw error;
    return items.map((item) => ended(item, errorText(error)));
  }
}

/**
 * The outcome if the consumer did not catch the hub's refusal of the next event in a chain. At the end of the chain, another attempt would be refused
 * in the same way. If the event does not exist, the refusal came from something else, such as another item of its batch.
 */
const ended = ({ context }: CallItem, reason: string): Outcome => ({
  ...failed(reason),
  retry: context.hops >= MAX_HOPS ? "terminal" : "retryable",
});

/** Calls `handle` of a consumer, or of another hub, with one item. */
export const callHandle = (binding: unknown, item: CallItem): Promise<Outcome> =>
  callMethod(item, "handle", () => (binding as Consumer).handle(item.payload, item.context), readOutcome);

/**
 * Calls a method over RPC and reads what it returned. The error of a missing method may also come from deep inside a healthy handler, so the retries
 * are used up before the method counts as missing.
 */
async function callMethod<T>(
  item: CallItem | undefined,
  method: string,
  call: () => unknown,
  read: (returned: unknown) => T,
): Promise<T | Outcome> {
  try {
    const returned = await call();
    const outcome = read(returned);
    // An answer with stubs in it would keep the consumer alive.
    if (typeof returned === "object" && returned !== null) (returned as Partial<Disposable>)[Symbol.dispose]?.();
    return outcome;
  } catch (error) {
    const missing = error instanceof Error && error.message.includes(`does not implement the method "${method}"`);
    if (!missing) throw error;
    const { todo } = FIRST_DAY.no_handler;
    return { ...unbound(`${item?.context.destination} has no method ${method}(); ${todo}`), retry: "retryable" };
  }
}
