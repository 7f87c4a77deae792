/** The outcome for the dispatches whose instances were examined. */
export interface Rescued {
  nudged: number;
  waiting: number;
  missing: number;
  paused: number;
  replaced: number;
  lost: number;
}

/** What one run did with breakers, counted in destinations. */
export interface BreakersRun {
  tripped: number;
  closed: number;
  probed: number;
}

/** The numbers of events whose payload one run removed, and that it deleted. */
export interface Pruned {
  payloads: number;
  rows: number;
}

/** What one run did, counted in dispatches. Breakers are counted in destinations, `started` in Workflow instances and `pruned` in events. */
export interface Reconciled extends Rescued, BreakersRun {
  requeued: number;
  drained: number;
  /** For destinations with limits or an order. */
  started: number;
  pruned: Pruned;
}
