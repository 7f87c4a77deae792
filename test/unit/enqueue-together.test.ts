import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DispatchMessage, DispatchNotice } from "../../schema/queue/messages.ts";
import { ENQUEUE_AT_ONCE, ENQUEUE_INTERVAL_MS } from "../../workers/hub/emit/enqueue.ts";

const notice = (n: number): DispatchNotice => ({
  id: `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`,
  destination: "ONE",
  generation: 0,
  dueAt: 0,
  bytes: 100,
  timeoutSeconds: 30,
});
const notices = (from: number, count: number) => Array.from({ length: count }, (_, i) => notice(from + i));

/** The content of each send, as numbers of dispatches. */
let sent: number[][];
let refuse: Error | undefined;
const queue = {
  sendBatch: async (messages: { body: DispatchMessage }[]) => {
    if (refuse !== undefined) throw refuse;
    sent.push(messages.map(({ body }) => body.dispatches.length));
  },
};
let enqueueTogether: typeof import("../../workers/hub/emit/enqueue.ts").enqueueTogether;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  sent = [];
  refuse = undefined;
  vi.resetModules(); // an isolate of its own
  ({ enqueueTogether } = await import("../../workers/hub/emit/enqueue.ts"));
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first notice after a pause is sent at once", async () => {
  await enqueueTogether(queue, notices(0, 1));
  expect(sent).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(ENQUEUE_INTERVAL_MS);
  await enqueueTogether(queue, notices(1, 3));
  expect(sent).toEqual([[1], [3]]);
});

test("notices that follow within the interval share one message at its end", async () => {
  await enqueueTogether(queue, notices(0, 1));
  const carrier = enqueueTogether(queue, notices(1, 2));
  await vi.advanceTimersByTimeAsync(ENQUEUE_INTERVAL_MS - 1);
  await enqueueTogether(queue, notices(3, 4)); // resolves: another request carries them
  expect(sent).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  await carrier;
  expect(sent).toEqual([[1], [6]]);
});

test("a full group of notices is sent without waiting, and one notice fewer waits", async () => {
  await enqueueTogether(queue, notices(0, 1));
  const carrier = enqueueTogether(queue, notices(1, ENQUEUE_AT_ONCE - 1));
  expect(sent).toEqual([[1]]);
  await enqueueTogether(queue, notices(ENQUEUE_AT_ONCE, 1));
  expect(sent).toEqual([[1], [ENQUEUE_AT_ONCE]]);
  await vi.advanceTimersByTimeAsync(ENQUEUE_INTERVAL_MS);
  await carrier;
  expect(sent).toEqual([[1], [ENQUEUE_AT_ONCE]]);
});

test("notices of a request that died are sent with the next request", async () => {
  await enqueueTogether(queue, notices(0, 1));
  void enqueueTogether(queue, notices(1, 2)); // its timer never fires
  vi.setSystemTime(1_000_000 + ENQUEUE_INTERVAL_MS);
  await enqueueTogether(queue, notices(3, 1));
  expect(sent).toEqual([[1], [3]]);
});

test("a refusal is reported to the request that sends, and the next send leaves those notices out", async () => {
  refuse = new Error("queue is full");
  await expect(enqueueTogether(queue, notices(0, 1))).rejects.toThrow("queue is full");
  refuse = undefined;
  await vi.advanceTimersByTimeAsync(ENQUEUE_INTERVAL_MS);
  await enqueueTogether(queue, notices(1, 1));
  expect(sent).toEqual([[1]]);
});

test("two hubs in one isolate send to their own queues without waiting for each other", async () => {
  const others: number[][] = [];
  const other = {
    sendBatch: async (messages: { body: DispatchMessage }[]) => {
      others.push(messages.flatMap(({ body }) => body.dispatches.map(({ dueAt }) => dueAt)));
    },
  };
  await enqueueTogether(queue, notices(0, 1));
  await enqueueTogether(other, [{ ...notice(1), dueAt: 1 }]);
  expect([sent, others]).toEqual([[[1]], [[1]]]);
  const carrier = enqueueTogether(queue, notices(2, 2));
  const otherCarrier = enqueueTogether(other, [{ ...notice(4), dueAt: 4 }]);
  await vi.advanceTimersByTimeAsync(ENQUEUE_INTERVAL_MS);
  await Promise.all([carrier, otherCarrier]);
  expect([sent, others]).toEqual([
    [[1], [2]],
    [[1], [4]],
  ]);
});

test("the interval is 200 ms, and 100 notices are sent at once", () => {
  expect([ENQUEUE_INTERVAL_MS, ENQUEUE_AT_ONCE]).toEqual([200, 100]);
});
