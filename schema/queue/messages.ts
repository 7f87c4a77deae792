import * as v from "valibot";
import {
  MAX_DESTINATION_NAME_LENGTH,
  MAX_GROUP_SIZE,
  MAX_MESSAGE_BYTES,
  MAX_TIMEOUT_SECONDS,
} from "../vocabulary/limits.ts";
import { MAX_POSTGRES_INTEGER, MAX_SEND_BATCH_BYTES, MAX_SEND_BATCH_MESSAGES } from "../vocabulary/platform-limits.ts";

/** The latest time that a Date can hold. */
const MAX_DATE_MS = 8.64e15;

const GroupSize = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GROUP_SIZE));

/** What a queue message says about one dispatch: ids and sizes, never payloads. It is a hint; the row in Postgres is the truth. */
export const DispatchNotice = v.object({
  id: v.pipe(v.string(), v.uuid()),
  destination: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_DESTINATION_NAME_LENGTH)),
  /** A larger number would fail the claim of its whole group. */
  generation: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_POSTGRES_INTEGER)),
  /** When the next attempt is due: milliseconds since 1970. */
  dueAt: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_DATE_MS)),
  /** The size of the payload, to keep a group below the limits of one RPC call and of one answer of the database. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  timeoutSeconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_TIMEOUT_SECONDS)),
  /** The largest group that it may be in. Left out if nothing has gone wrong. */
  limit: v.optional(GroupSize),
  /** The same as a limit of 1, in messages of earlier versions. */
  alone: v.optional(v.literal(true)),
  /** The largest group that its destination was just found to accept. */
  learned: v.optional(GroupSize),
  /** Its destination has limits or an order: an instance of the destination takes it when its turn comes. */
  flow: v.optional(v.literal(true)),
  /** The hub's alarm watches it: whoever delivers it reports to the alarm when it is done. An executor of an earlier version does not. */
  watched: v.optional(v.literal(true)),
  /**
   * How often it was enqueued in this generation, if more than once: nobody claimed it. Whoever finds that its instance already exists then checks on
   * that instance.
   */
  enqueues: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
export type DispatchNotice = v.InferOutput<typeof DispatchNotice>;

/** The body of a queue message. An executor of a version before `look` sees a message without dispatches. */
export const DispatchMessage = v.object({
  v: v.literal(1),
  dispatches: v.array(DispatchNotice),
  /** The hub's alarm asks for the look with this id: the executor must reconcile, and say when the next look is due. */
  look: v.optional(v.pipe(v.string(), v.uuid())),
});
export type DispatchMessage = v.InferOutput<typeof DispatchMessage>;

/** What we need from the binding of a queue. */
export interface DispatchQueue {
  sendBatch(messages: { body: DispatchMessage; contentType: "json" }[]): Promise<unknown>;
}

/** Sends notices in as few messages as the limits allow. Throws the queue's errors; what was sent before stays sent. */
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

/** Asks the executor for a look. Throws the queue's errors. */
export async function askForLook(queue: DispatchQueue, look: string): Promise<void> {
  await queue.sendBatch([{ body: { v: 1, dispatches: [], look }, contentType: "json" }]);
}

/** Cuts a list into runs of at most `maxItems` items, with a total size of at most `maxSize`. An item above `maxSize` becomes a run of its own. */
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
