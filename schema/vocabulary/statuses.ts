/** A dispatch's status. `ongoing` is the only one that ever changes. */
export const DISPATCH_STATUSES = [
  "ongoing",
  "complete",
  "ignored",
  "failed",
  "misconfigured",
  "lost",
  "cancelled",
] as const;
export type DispatchStatus = (typeof DISPATCH_STATUSES)[number];

/** What one attempt gave. `misconfigured`: the destination's binding, or its `handle`, is not there. */
export const EXECUTION_RESULTS = ["complete", "ignored", "failed", "misconfigured"] as const;
export type ExecutionResult = (typeof EXECUTION_RESULTS)[number];

/** What operators do, and the breaker for them; each leaves a row in `operations`. */
export const OPERATION_ACTIONS = [
  "retry_dispatch",
  "retry_dispatches",
  "replay_events",
  "cancel_dispatch",
  "cancel_dispatches",
  "pause_destination",
  "resume_destination",
] as const;
export type OperationAction = (typeof OPERATION_ACTIONS)[number];

/** Bulk work is `running` until it has seen all that its filter finds, or has reached its limit. */
export const OPERATION_STATES = ["running", "finished"] as const;
export type OperationState = (typeof OPERATION_STATES)[number];
