/** Limits of a dispatch's times and retries. */

import { MAX_SLEEP_SECONDS } from "../platform-limits.ts";

/**
 * The longest delay of a first attempt, and the longest wait between two, in seconds: 365 days, the longest sleep of a Workflow.
 *
 * @beyond A configuration or a call is refused. A longer `retryAfterSeconds` or `Retry-After` counts as this.
 */
export const MAX_DELAY_SECONDS = MAX_SLEEP_SECONDS;

/** The same in days, for refusals. */
export const MAX_DELAY_DAYS = MAX_DELAY_SECONDS / 86_400;

/** The most retries after the first attempt. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RETRIES = 1_000;

/**
 * The longest wait for a destination's answer, in seconds. A step's timeout must be longer, and stays well below the platform's 30 minutes.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_TIMEOUT_SECONDS = 600;

/**
 * The longest grace of reconciling, in seconds: a day. Ours: a longer one would leave no time before a dispatch counts as lost.
 *
 * @beyond The variable is refused, and the default applies (log line `variable.refused`).
 */
export const MAX_GRACE_SECONDS = 86_400;

/** The longest retention, in days. Ours: ten years. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RETENTION_DAYS = 3_650;
