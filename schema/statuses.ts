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
