import { MAX_GRACE_SECONDS } from "./limits.ts";

/** The rule for a grace. */
export const GRACE_RULE = `must be a number of seconds from 0 to ${MAX_GRACE_SECONDS}`;

/** Whether a number is a valid grace of reconciling, in seconds. */
export const isGrace = (seconds: unknown): boolean =>
  typeof seconds === "number" && seconds >= 0 && seconds <= MAX_GRACE_SECONDS;
