import { type Destination, isBatch } from "../schema/config/destinations/index.ts";
import { errorText } from "../schema/text/error-text.ts";
import { bindingFault } from "./binding-fault.ts";
import { KINDS } from "./kinds/index.ts";
import type { Bindings, CallItem, Kind, Target } from "./kinds/kind.ts";
import { failed, notDeployed, type Outcome, thrown, unbound } from "./outcome.ts";
import { ALL_AT_ONCE, inWaves, type Waves } from "./waves.ts";
import { NoAnswer, withTimeout } from "./with-timeout.ts";

export interface Call {
  bindings: Bindings;
  /** The destination's name and configuration; the latter is `undefined` if no route names it. */
  name: string;
  destination: Destination | undefined;
  /** Sets the time limit of a call; default by this machine's timers. */
  limit?: typeof withTimeout | undefined;
  /** Default: all calls begin at once. */
  waves?: Waves | undefined;
  /** Called as each call begins. */
  onBegin?(index: number): void;
}

/**
 * Makes one attempt of each item that the waves reach, and passes on each outcome as it arrives, one by one or for a whole batch. Never throws:
 * whatever happens is an outcome.
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
    return endAll(() => notDeployed(`the executor's configuration has no destination ${name}`));
  }
  // The table pairs each kind with its own type of destination, but a look-up loses that in the types.
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
