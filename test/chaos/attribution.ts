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
 * Says of each call which attempt it was, also where it does not tell: the one that was claimed last when the call began, as a claim is written
 * before its call. Wrong only of a call that is on its way for so long that the next attempt is claimed before it arrives.
 */
export function attribute(calls: readonly Unattributed[], transitions: readonly Transition[]): LoggedCall[] {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  return calls.map((call) => {
    const claim = histories.get(call.dispatchId)?.findLast(({ at, claims }) => claims > 0 && at <= call.startedAt);
    return { ...call, attempt: call.attempt ?? (claim?.attempts ?? 0) + 1 };
  });
}
