/** Instances asked about at once. */
export const CONCURRENT_QUESTIONS = 20;

/**
 * Instances asked about in one run, and for how long a run goes on asking, in milliseconds. Each takes three subrequests or four, of the 10,000
 * that a request may make, and a cron's run may take 15 minutes. Later runs go on with those that were not looked at for longest.
 * @see https://developers.cloudflare.com/workers/platform/limits/
 */
export const MAX_INSTANCES = 2_000;
export const MAX_ASKING_MS = 5 * 60_000;

/** Overdue dispatches that one run reads, to ask about the instances that own them: mostly more than {@link MAX_INSTANCES} own. */
export const MAX_OVERDUE_ROWS = 10_000;
