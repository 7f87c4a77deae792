/** The invariants that a run must keep. */
export const INVARIANTS = {
  stored: "what emit() returned is stored, once, with a dispatch for each route that matches",
  refused: "emit() refuses nothing that is right",
  final: "every dispatch is final in the end",
  lost: "none is lost",
  kept: "a final status never changes",
  counted: "attempts are 1..n without gaps",
  called: "each recorded execution belongs to a call that was made, and says what the consumer answered",
  ended: "no call is made once its dispatch is final",
  arrived:
    "what is complete is there at its destination, once where the kind says so, as it was emitted, and nothing else is there",
  signed: "each request of a webhook is signed, and follows no redirect",
  budget: "the handler's budget is neither exceeded nor eaten by trouble of our own",
  duplicates: "a call is repeated only where something died around it",
  delayed: "the first attempt is due after the delay that was asked for",
  early: "no call is made before the recorded next_attempt_at, or the wait that the destination asked for",
  attended: "what is due is owned by somebody, or found by reconciling within its bounds",
  found:
    "in silence, what goes wrong is found by the alarm, the backstop or the next event, as soon as the documents say",
  asleep: "in silence, nobody asks the database before there is something to look for",
  rate: "no more calls begin in any window than a destination's rate has, or its key's",
  places: "no more calls are under way than a destination bears, or a key of it",
  ordered: "of one key of an order one is called after the other, as they were emitted",
  held: "what has failed for good holds its order until an operator retries or releases it, and a retry has its place",
  paused: "no call of a key begins while it is paused, but for those that were taken before",
  cooled: "no call begins during a cooldown of its key or its destination, but for those that were taken before",
  starved: "no key that may be called is passed over",
  operated: "what an operator does is answered, and done once however often it is repeated",
  errored: "no Workflow instance ends errored",
  progress: "the run made progress, with each kind of destination",
} as const;
export type Invariant = keyof typeof INVARIANTS;

/** One place where an invariant does not hold. */
export interface Violation {
  invariant: Invariant;
  detail: string;
}

export const violation = (invariant: Invariant, detail: string): Violation => ({ invariant, detail });
