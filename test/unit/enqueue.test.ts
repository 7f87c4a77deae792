import { randomUUID } from "node:crypto";
import { parse } from "valibot";
import { expect, test } from "vitest";
import {
  type DispatchMessage,
  type DispatchNotice,
  enqueue,
  DispatchMessage as Message,
} from "../../schema/queue/messages.ts";
import { MAX_MESSAGE_BYTES } from "../../schema/vocabulary/limits.ts";
import { MAX_SEND_BATCH_BYTES, MAX_SEND_BATCH_MESSAGES } from "../../schema/vocabulary/platform-limits.ts";

const notices = (count: number): DispatchNotice[] =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    destination: "A_DESTINATION",
    generation: 0,
    dueAt: Date.now(),
    bytes: 1_000,
    timeoutSeconds: 30,
  }));

/** A queue like the platform's: it accepts batches within its limits, until it refuses. */
function queueThat({ refuses }: { refuses: number }) {
  const batches: DispatchMessage[][] = [];
  let calls = 0;
  return {
    batches,
    sendBatch: async (messages: { body: DispatchMessage }[]) => {
      if (++calls === refuses) throw new Error("Too Many Requests");
      batches.push(messages.map(({ body }) => body));
    },
  };
}

test("an executor ignores unknown members in a message of a newer hub", () => {
  const dispatches = notices(2);
  const ofLater = { v: 1, later: true, dispatches: dispatches.map((notice) => ({ ...notice, later: "unknown" })) };
  expect(parse(Message, ofLater)).toEqual({ v: 1, dispatches });
});

test("10,000 dispatches are sent once each, in few batches within the platform's limits", async () => {
  const queue = queueThat({ refuses: 0 });
  const all = notices(10_000);
  await enqueue(queue, all);
  expect(queue.batches.length).toBeLessThan(10);
  for (const batch of queue.batches) {
    expect(batch.length).toBeLessThanOrEqual(MAX_SEND_BATCH_MESSAGES);
    expect(JSON.stringify(batch).length).toBeLessThanOrEqual(MAX_SEND_BATCH_BYTES + batch.length);
    for (const message of batch) expect(JSON.stringify(message).length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES + 32);
  }
  expect(queue.batches.flat().flatMap(({ dispatches }) => dispatches)).toEqual(all);
});

test("a refusal of the second batch is reported to the caller, and the first batch stays sent", async () => {
  const queue = queueThat({ refuses: 2 });
  const all = notices(3_000);
  await expect(enqueue(queue, all)).rejects.toThrow("Too Many Requests");
  const sent = queue.batches.flat().flatMap(({ dispatches }) => dispatches);
  expect(queue.batches).toHaveLength(1);
  expect(sent.length).toBeGreaterThan(1_000);
  expect(sent).toEqual(all.slice(0, sent.length));
});
