/** The most instances that the engine is asked about at once. */
export const CONCURRENT_QUESTIONS = 20;

/**
 * How many instances a run asks about, and for how long, in milliseconds. Each takes three or four subrequests, of the 10,000 that a request may
 * make. A cron's run may take 15 minutes. Later runs continue with the instances that were not examined for longest.
 * @see https://developers.cloudflare.com/workers/platform/limits/
 */
export const MAX_INSTANCES = 2_000;
export const MAX_ASKING_MS = 5 * 60_000;

/** The most overdue dispatches that one run reads to find the instances that own them. {@link MAX_INSTANCES} instances usually own fewer. */
export const MAX_OVERDUE_ROWS = 10_000;
