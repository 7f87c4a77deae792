/**
 * What says that it is at work: the hub's cron, the executor's cron, and the executor when the queue has brought it what was sent again (`queue`); and since
 * when that has been waited for (`resent`). By these it is seen that a part of a deployment was forgotten, which says nothing itself.
 */
export const HEARTBEATS = ["hub", "executor", "queue", "resent"] as const;

/** What beats, each time. */
export type Heartbeat = Exclude<(typeof HEARTBEATS)[number], "resent">;

/** After so many minutes without a heartbeat a cron, which runs every minute, does not run. A deployment of all Workers takes less. */
export const CRON_SILENT_MINUTES = 10;

/** Minutes after which a message that was sent again has been taken, if anybody takes any: a consumer may wait for up to one. */
export const QUEUE_SILENT_MINUTES = 3;
