/** Limits of a delivery: waits, claims, generations and drains. Those of groups are in instances.ts. */

/** How long after the first dispatch of a group the others may be due, in milliseconds. @beyond The dispatch goes to another Workflow instance. */
export const GROUP_WINDOW_MS = 1_000;

/**
 * How long the first result of a flush waits for others, in milliseconds. A slow call delays the records of its siblings by no more than this.
 *
 * @beyond What has ended by then is recorded; the rest follows.
 */
export const FLUSH_INTERVAL_MS = 250;

/**
 * The longest wait that is spent within the step, in milliseconds. For so short a wait, the engine's own retry would cost more than the attempt, and
 * free no place among the running instances.
 *
 * @beyond The Workflow sleeps until then.
 * @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_WAIT_IN_STEP_MS = 1_000;

/**
 * After this many claims without a record, the attempt counts as failed. Otherwise a handler that kills its executor would run for ever.
 *
 * @beyond The attempt counts as failed, and the dispatch is retried if it has retries left.
 */
export const MAX_CLAIMS = 5;

/**
 * After this many generations in a row without a recorded attempt, a dispatch may be `lost`.
 *
 * @beyond The dispatch can become `lost`, once it is overdue by `lostAfterSeconds`.
 */
export const FRUITLESS_GENERATIONS = 5;

/**
 * How far ahead a drain assigns times to held dispatches, in seconds. It is longer than the interval of crons, so that the rate holds between two
 * runs.
 *
 * @beyond The next look tells the rest when they are due.
 */
export const DRAIN_AHEAD_SECONDS = 300;
