import type { Timed } from "./journal.ts";
import type { Transition } from "./transition.ts";

/** A call of a destination, with its dispatch and its attempt. */
export interface LoggedCall extends Timed {
  call: string;
  dispatchId: string;
  attempt: number;
  destination: string;
}

type Unattributed = Omit<LoggedCall, "attempt"> & { attempt?: number };

/**
 * Adds to each call the number of its attempt, also if the call does not tell it. Then it is the attempt that was claimed last when the call began,
 * since a claim is written before its call. This is wrong only for a call that takes so long to arrive that the next attempt is claimed first.
 */
export function attribute(calls: readonly Unattributed[], transitions: readonly Transition[]): LoggedCall[] {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  return calls.map((call) => {
    const claim = histories.get(call.dispatchId)?.findLast(({ at, claims }) => claims > 0 && at <= call.startedAt);
    return { ...call, attempt: call.attempt ?? (claim?.attempts ?? 0) + 1 };
  });
}
