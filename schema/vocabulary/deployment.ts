/** What every way to deploy the Workers sets alike: Pulumi's component, the wrangler configurations, and what `doctor` advises. */

/** The runtime's behaviour that the Workers are written for. */
export const COMPATIBILITY_DATE = "2026-10-30";

/** The queue's consumer. A message is a hint: reconciling makes up for what is dropped. */
export const QUEUE_CONSUMER = {
  /** Messages of one batch, at most. */
  batchSize: 100,
  /** How long a batch waits for more messages, in seconds. */
  waitSeconds: 0,
  /** How often a message comes again. */
  retries: 20,
} as const;
