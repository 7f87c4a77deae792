import * as v from "valibot";
import {
  MAX_DESTINATION_NAME_LENGTH,
  MAX_GROUP_SIZE,
  MAX_MESSAGE_BYTES,
  MAX_TIMEOUT_SECONDS,
} from "../vocabulary/limits.ts";
import { MAX_POSTGRES_INTEGER, MAX_SEND_BATCH_BYTES, MAX_SEND_BATCH_MESSAGES } from "../vocabulary/platform-limits.ts";

/** The last moment that a Date can hold. */
const MAX_DATE_MS = 8.64e15;

const GroupSize = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GROUP_SIZE));

/** The word of a queue message on one dispatch: ids and sizes, never payloads. It is a hint; the row in Postgres is the truth. */
export const DispatchNotice = v.object({
  id: v.pipe(v.string(), v.uuid()),
  destination: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_DESTINATION_NAME_LENGTH)),
  /** One that is larger would fail the claim of its whole group. */
  generation: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_POSTGRES_INTEGER)),
  /** When the next attempt is due: milliseconds since 1970. */
  dueAt: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_DATE_MS)),
  /** Size of the payload, so that a group stays below what one RPC call or one answer of the database holds. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  timeoutSeconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_TIMEOUT_SECONDS)),
  /** With how many it may share a Workflow instance, itself included; left out where nothing has gone wrong. */
  limit: v.optional(GroupSize),
  /** The same as a limit of 1, in messages of versions before it. */
  alone: v.optional(v.literal(true)),
  /** How large a group its destination was found to bear, just now. */
  learned: v.optional(GroupSize),
  /** Its destination has limits or an order: an instance of the destination's takes it when its turn has come. */
  flow: v.optional(v.literal(true)),
  /**
   * How often it has been enqueued in this generation, if not for the first time: nobody claimed it, and whoever finds its instance there
   * already looks after it.
   */
  enqueues: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
export type DispatchNotice = v.InferOutput<typeof DispatchNotice>;

/** The body of a queue message. */
export const DispatchMessage = v.object({ v: v.literal(1), dispatches: v.array(DispatchNotice) });
export type DispatchMessage = v.InferOutput<typeof DispatchMessage>;

/** What is needed of a queue's binding. */
export interface DispatchQueue {
  sendBatch(messages: { body: DispatchMessage; contentType: "json" }[]): Promise<unknown>;
}

/** Sends notices in as few messages as the limits allow. Throws what the queue throws; what was sent until then stays sent. */
export async function enqueue(queue: DispatchQueue, notices: readonly DispatchNotice[]): Promise<void> {
  const messages = pack(
    notices,
    (notice) => JSON.stringify(notice).length + 1,
    MAX_MESSAGE_BYTES,
    Number.POSITIVE_INFINITY,
  );
  const bodies = messages.map((dispatches): DispatchMessage => ({ v: 1, dispatches }));
  const batches = pack(bodies, (body) => JSON.stringify(body).length, MAX_SEND_BATCH_BYTES, MAX_SEND_BATCH_MESSAGES);
  for (const batch of batches) {
    await queue.sendBatch(batch.map((body) => ({ body, contentType: "json" as const })));
  }
}

/** Cuts a list into runs of at most `maxItems` items and `maxSize` in all; an item above `maxSize` makes a run of its own. */
export function pack<T>(items: readonly T[], sizeOf: (item: T) => number, maxSize: number, maxItems: number): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  let size = 0;
  for (const item of items) {
    const itemSize = sizeOf(item);
    if (run.length > 0 && (size + itemSize > maxSize || run.length >= maxItems)) {
      runs.push(run);
      run = [];
      size = 0;
    }
    run.push(item);
    size += itemSize;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
