import { type DispatchNotice, type DispatchQueue, enqueue } from "../../../schema/queue/messages.ts";

/**
 * The least time between two sends of one isolate, in milliseconds, unless {@link ENQUEUE_AT_ONCE} notices have collected. The first send after a
 * pause happens at once, and those that follow share a message. Few messages and full groups make many single emits cheap.
 */
export const ENQUEUE_INTERVAL_MS = 200;

/** As soon as this many notices wait, they are sent. It is the size of the largest group. */
export const ENQUEUE_AT_ONCE = 100;

/** The notices that this isolate's requests have for one queue. */
interface Waiting {
  /** Notices of any request that wait for the next send. */
  notices: DispatchNotice[];
  sentAt: number;
  /** When a waiting request will send them. If that request has died, the next request after that moment sends them. */
  carriedAt: number;
}

/** One entry per queue, because two hubs in one isolate may have different queues. */
const buffers = new WeakMap<DispatchQueue, Waiting>();

/**
 * Sends notices to the queue together with those of other requests. Resolves when they are sent, or when another request carries them. If the isolate
 * dies, only hints are lost, and reconciling finds the dispatches in Postgres.
 *
 * @throws What the queue throws, for all notices that were to be sent together
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
  if (waiting.notices.length === 0) return; // another request sent them when there were enough
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
