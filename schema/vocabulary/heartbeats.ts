/**
 * The parts that leave heartbeats: the hub with its ticks, the executor with its looks, and the executor when it gets a requeued message (`queue`).
 * `resent` is since when such a message has been expected. They reveal a part that a deployment forgot, which itself cannot report anything.
 */
export const HEARTBEATS = ["hub", "executor", "queue", "resent"] as const;

/** The parts that note each of their runs. */
export type Heartbeat = Exclude<(typeof HEARTBEATS)[number], "resent">;

/** The Workers that run by themselves: the alarm calls them, or a cron. */
export const RUNNING_PARTS = ["hub", "executor"] as const;

/** A Worker that runs by itself. */
export type RunningPart = (typeof RUNNING_PARTS)[number];

/**
 * A part is silent if its run is this many minutes late, or, if nobody knows when the next one is due, its last run is this long ago. A deployment of
 * all Workers takes less.
 */
export const SILENT_MINUTES = 10;

/** After this many minutes, a requeued message has been received if there is a consumer: the consumer may wait for up to one minute. */
export const QUEUE_SILENT_MINUTES = 3;

/**
 * If no attempt was recorded for this many minutes, and something has been overdue for as long, nothing is delivered. For the same time, a delivery
 * proves that the parts that brought it work. A call takes ten minutes at most.
 */
export const DELIVERED_MINUTES = 15;
