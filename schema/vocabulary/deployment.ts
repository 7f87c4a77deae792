/** What every way of deploying the Workers has in common: Pulumi's component, the wrangler configurations, and the advice of `doctor`. */

/** The compatibility date of the runtime that the Workers are written for. */
export const COMPATIBILITY_DATE = "2026-10-30";

/** The hub's alarm: the binding in hub and executor, and the class in the hub's script. */
export const ALARM_BINDING = "EVENTHUB_ALARM";
export const ALARM_CLASS = "Alarm";

/** The queue's consumer. A message is only a hint: reconciling makes up for dropped messages. */
export const QUEUE_CONSUMER = {
  /** The most messages per batch. */
  batchSize: 100,
  /** How long a batch waits for more messages, in seconds. */
  waitSeconds: 0,
  /** How often a message is retried. */
  retries: 20,
} as const;
