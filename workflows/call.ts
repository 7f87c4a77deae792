import { DESTINATION_KINDS, type Destination, isBatch } from "../schema/config/destinations/index.ts";
import { errorText } from "../schema/text/log.ts";
import { firstDayText } from "../schema/vocabulary/first-day.ts";
import { KINDS } from "./kinds/index.ts";
import type { Bindings, CallItem, Kind, Target } from "./kinds/kind.ts";
import { failed, type Outcome, thrown, unbound } from "./outcome.ts";
import { NoAnswer, withTimeout } from "./timeout.ts";
import { ALL_AT_ONCE, inWaves, type Waves } from "./waves.ts";

export interface Call {
  bindings: Bindings;
  /** The destination's name, and how it is configured: `undefined` if no route names it. */
  name: string;
  destination: Destination | undefined;
  /** Sets the time limit of a call; default by this machine's timers. */
  limit?: typeof withTimeout | undefined;
  /** Left out, all calls begin at once. */
  waves?: Waves | undefined;
  /** Told of each call as it begins. */
  onBegin?(index: number): void;
}

/**
 * Makes one attempt of each item that the waves reach, and hands on each outcome as it lands, one by one or for a whole batch. Never throws: whatever
 * happens is an outcome.
 */
export async function callDestination(
  { bindings, name, destination, limit = withTimeout, waves = ALL_AT_ONCE, onBegin }: Call,
  items: readonly CallItem[],
  onOutcome: (index: number, outcome: Outcome) => void,
): Promise<void> {
  const endAll = (outcomes: (index: number) => Outcome | undefined) => {
    for (const index of items.keys()) onOutcome(index, outcomes(index) ?? failed("no result"));
  };
  if (destination === undefined) {
    return endAll(() => unbound(`the executor's configuration has no destination ${name}`));
  }
  // The table pairs each kind with its own destinations; that pairing is what a type cannot carry through a look-up.
  const kind = KINDS[destination.kind] as Kind<Destination>;
  const binding = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  const fault = bindingFault(destination, name, binding);
  if (fault !== undefined) return endAll(() => unbound(fault));

  const target: Target<Destination> = { destination, binding, bindings };
  const { callBatch } = kind;
  if (isBatch(destination) && callBatch !== undefined) {
    for (const index of items.keys()) onBegin?.(index);
    const seconds = Math.max(...items.map((item) => item.timeoutSeconds));
    const outcome = await within(limit, seconds, () => callBatch(target, items));
    return endAll((index) => (Array.isArray(outcome) ? outcome[index] : outcome));
  }
  await inWaves(items, waves, async (item, index) => {
    onBegin?.(index);
    const outcome = await within(limit, item.timeoutSeconds, (signal) => kind.call(target, item, signal));
    onOutcome(index, outcome);
    return outcome.refused === true ? "refused" : "go on";
  });
}

/**
 * What bindings are, by their class in workerd (`constructor.name`). A Worker's stub answers to every name of a method, so that only its class
 * tells it from the others.
 */
const WHAT_BY_CLASS: ReadonlyMap<string, string> = new Map([
  // No destination has one; executors may.
  ["KvNamespace", "a KV namespace"],
  ...Object.values(DESTINATION_KINDS).flatMap(({ binding }) =>
    binding === undefined ? [] : [[binding.class, binding.what] as const],
  ),
]);

function bindingFault({ kind }: Destination, name: string, binding: unknown): string | undefined {
  const wanted = DESTINATION_KINDS[kind].binding?.what;
  if (wanted === undefined) return undefined;
  if (binding === undefined) return `the executor has no binding ${name}`;
  if (typeof binding !== "object" || binding === null)
    return `the executor's binding ${name} is a ${typeof binding}, not ${wanted}`;
  if (cannotCall(binding)) return firstDayText("old_compatibility_date");
  const actual = WHAT_BY_CLASS.get(binding.constructor.name);
  // A class that is not known here is let through: its call will tell.
  return actual === undefined || actual === wanted
    ? undefined
    : `the executor's binding ${name} is ${actual}, not ${wanted}`;
}

/** A Worker's stub answers to every name, unless the compatibility date of this Worker is from before RPC. */
function cannotCall(binding: object): boolean {
  return binding.constructor.name === "Fetcher" && typeof (binding as { handle?: unknown }).handle !== "function";
}

/** One call with its time limit. A throw is a failure that is retried, unless it is the platform's refusal. */
async function within<T>(
  limit: typeof withTimeout,
  seconds: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T | Outcome> {
  try {
    return await limit(seconds * 1_000, call);
  } catch (error) {
    return error instanceof NoAnswer ? failed(`no answer within ${seconds} s`) : thrown(errorText(error));
  }
}
