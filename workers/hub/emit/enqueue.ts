import { type DispatchNotice, type DispatchQueue, enqueue } from "../../../schema/queue/messages.ts";

/**
 * Least time between two sends of one isolate, unless a good deal has come together: the first after a pause goes at once, and those that
 * follow share a message. Few messages and full groups are what makes many single emits cheap.
 */
export const ENQUEUE_INTERVAL_MS = 200;

/** Notices that are not kept waiting: as many as the largest group has. */
export const ENQUEUE_AT_ONCE = 100;

/** What the requests of this isolate have for one queue. */
interface Waiting {
  /** Notices of any request that wait for the next send. */
  notices: DispatchNotice[];
  sentAt: number;
  /** When a request that waits for it sends them. One that has died has not: the next request after that moment sends. */
  carriedAt: number;
}

/** By the queue: two hubs in one isolate may have one each. */
const buffers = new WeakMap<DispatchQueue, Waiting>();

/**
 * Sends notices to the queue, together with those of other requests; resolves when they are sent or another request carries them. What gets
 * lost with its isolate is a hint, and reconciling finds the dispatches in Postgres.
 * @throws What the queue throws, for all notices that were to be sent with these.
 */
export async function enqueueTogether(queue: DispatchQueue, notices: readonly DispatchNotice[]): Promise<void> {
  const waiting = waitingFor(queue);
  waiting.notices.push(...notices);
  const now = Date.now();
  const due = waiting.sentAt + ENQUEUE_INTERVAL_MS;
  if (waiting.notices.length < ENQUEUE_AT_ONCE && now < due) {
    if (now < waiting.carriedAt) return;
    waiting.carriedAt = due;
    await new Promise((resolve) => setTimeout(resolve, due - now));
  }
  if (waiting.notices.length === 0) return; // another request had enough of them together
  const together = waiting.notices;
  waiting.notices = [];
  waiting.sentAt = Date.now();
  await enqueue(queue, together);
}

function waitingFor(queue: DispatchQueue): Waiting {
  const known = buffers.get(queue);
  if (known !== undefined) return known;
  const fresh = { notices: [], sentAt: Number.NEGATIVE_INFINITY, carriedAt: Number.NEGATIVE_INFINITY };
  buffers.set(queue, fresh);
  return fresh;
}
