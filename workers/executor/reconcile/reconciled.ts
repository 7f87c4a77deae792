/** What became of the dispatches whose instances were looked at. */
export interface Rescued {
  nudged: number;
  waiting: number;
  missing: number;
  paused: number;
  replaced: number;
  lost: number;
}

/** What one run did for breakers, in destinations. */
export interface BreakersRun {
  tripped: number;
  closed: number;
  probed: number;
}

/** Events that one run stripped of their payload, and that it deleted. */
export interface Pruned {
  payloads: number;
  rows: number;
}

/** What one run did: in dispatches, but breakers in destinations, `started` in Workflow instances and `pruned` in events. */
export interface Reconciled extends Rescued, BreakersRun {
  requeued: number;
  drained: number;
  /** For destinations with limits or an order. */
  started: number;
  pruned: Pruned;
}
