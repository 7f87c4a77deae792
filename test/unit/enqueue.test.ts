import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type DispatchMessage, type DispatchNotice, enqueue } from "../../schema/queue/messages.ts";
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

/** A queue as the platform has it: it takes a batch within its limits, until it refuses. */
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

test("10,000 dispatches go in few batches, each within the platform's limits, and none twice", async () => {
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

test("when the second batch is refused, the caller is told, and the first stays sent", async () => {
  const queue = queueThat({ refuses: 2 });
  const all = notices(3_000);
  await expect(enqueue(queue, all)).rejects.toThrow("Too Many Requests");
  const sent = queue.batches.flat().flatMap(({ dispatches }) => dispatches);
  expect(queue.batches).toHaveLength(1);
  expect(sent.length).toBeGreaterThan(1_000);
  expect(sent).toEqual(all.slice(0, sent.length));
});
