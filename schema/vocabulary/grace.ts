import { MAX_GRACE_SECONDS } from "./limits.ts";

/** How long something must be overdue before reconciling looks at it, in seconds, unless `RECONCILE_GRACE_SECONDS` says otherwise. */
export const DEFAULT_GRACE_SECONDS = 60;

/** What a grace must be. */
export const GRACE_RULE = `must be a number of seconds from 0 to ${MAX_GRACE_SECONDS}`;

/** Whether it is a grace of reconciling, in seconds. */
export const isGrace = (seconds: unknown): boolean =>
  typeof seconds === "number" && seconds >= 0 && seconds <= MAX_GRACE_SECONDS;
