import { afterEach, expect, test, vi } from "vitest";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { enqueueCommitted } from "../../workflows/enqueue-committed.ts";

afterEach(() => vi.restoreAllMocks());

const notice: DispatchNotice = { id: "0", destination: "A", generation: 0, dueAt: 0, bytes: 2, timeoutSeconds: 30 };

test("notices that the queue accepts are reported as sent", async () => {
  const sendBatch = vi.fn(async () => undefined);
  expect(await enqueueCommitted({ sendBatch }, [notice])).toBe(true);
  expect(sendBatch.mock.calls).toEqual([[[{ body: { v: 1, dispatches: [notice] }, contentType: "json" }]]]);
});

test("notices that the queue refuses are logged as a warning, and left to reconciling", async () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  const sendBatch = async () => Promise.reject(new Error("too many requests"));
  expect(await enqueueCommitted({ sendBatch }, [notice, notice])).toBe(false);
  expect(warned.mock.calls).toEqual([['{"event":"enqueue.failed","dispatches":2,"error":"Error: too many requests"}']]);
});

test("notices are sent with the given function", async () => {
  const sendBatch = vi.fn(async () => undefined);
  const send = vi.fn(async () => undefined);
  const queue = { sendBatch };
  expect(await enqueueCommitted(queue, [notice], send)).toBe(true);
  expect([send.mock.calls, sendBatch.mock.calls]).toEqual([[[queue, [notice]]], []]);
});
