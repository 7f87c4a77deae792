import { type DispatchNotice, type DispatchQueue, enqueue } from "../../schema/messages.ts";
import { errorText, log } from "../../workflows/log.ts";

/**
 * Least time between two sends of one isolate, unless a good deal has come together: the first after a pause goes at once, and those that
 * follow share a message. Few messages and full groups are what makes many single emits cheap.
 */
export const ENQUEUE_INTERVAL_MS = 200;

/** Notices that are not kept waiting: as many as the largest group has. */
export const ENQUEUE_AT_ONCE = 100;

/** Notices of any request of this isolate that wait for the next send. */
let waiting: DispatchNotice[] = [];
let sentAt = Number.NEGATIVE_INFINITY;
/** When a request that waits for it sends them. One that has died has not: the next request after that moment sends. */
let carriedAt = Number.NEGATIVE_INFINITY;

/**
 * Sends notices to the queue, together with those of other requests; resolves when they are sent or another request carries them. What gets
 * lost with its isolate is a hint, and reconciling finds the dispatches in Postgres.
 * @throws What the queue throws, for all notices that were to be sent with these.
 */
export async function enqueueTogether(queue: DispatchQueue, notices: readonly DispatchNotice[]): Promise<void> {
  waiting.push(...notices);
  const now = Date.now();
  const due = sentAt + ENQUEUE_INTERVAL_MS;
  if (waiting.length < ENQUEUE_AT_ONCE && now < due) {
    if (now < carriedAt) return;
    carriedAt = due;
    await new Promise((resolve) => setTimeout(resolve, due - now));
  }
  if (waiting.length === 0) return; // another request had enough of them together
  const together = waiting;
  waiting = [];
  sentAt = Date.now();
  await enqueue(queue, together);
}

/** After a commit: what the queue refuses, reconciling finds in Postgres. Never throws. */
export async function enqueueCommitted(queue: DispatchQueue, notices: readonly DispatchNotice[]): Promise<void> {
  try {
    await enqueueTogether(queue, notices);
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
  }
}
