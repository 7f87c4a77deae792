import type { Counts } from "./protocol.ts";

export const noCounts = (): Counts => ({
  rpcCalls: 0,
  queueSends: 0,
  queueWrites: 0,
  queueReads: 0,
  queueDeletes: 0,
  queueBatches: 0,
  instances: 0,
  steps: 0,
  stepAttempts: 0,
  workflowBytes: 0,
  logLines: 0,
});

/** The counts of this isolate; in the local runtime, each Worker has one isolate. */
export const counts: Counts = noCounts();

for (const level of ["debug", "log", "info", "warn", "error"] as const) {
  const write = console[level].bind(console);
  console[level] = (...line) => {
    counts.logLines += 1;
    write(...line);
  };
}

/** A Worker that reports its counts over RPC. */
export interface Counting {
  counts(reset: boolean): Promise<Counts>;
}

/** Reads the counts of this isolate, and resets them if asked to. */
export function readCounts(reset: boolean): Counts {
  const read = { ...counts };
  if (reset) Object.assign(counts, noCounts());
  return read;
}

/**
 * Queues bill each 64 KB of a message.
 *
 * @see https://developers.cloudflare.com/queues/platform/pricing/
 */
const CHUNK_BYTES = 64_000;
const chunks = (body: unknown) => Math.max(1, Math.ceil(jsonLength(body) / CHUNK_BYTES));

/** The number of characters of a value as JSON; 0 for a value that JSON does not have. */
export const jsonLength = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

const countingQueues = new WeakMap<Queue, Pick<Queue, "send" | "sendBatch">>();

/** An environment whose queue counts what is sent to it. All requests get the same queue, as with the platform's own. */
export function countingQueue<Env extends { EVENTHUB_QUEUE: Queue }>(env: Env): Env {
  const queue = env.EVENTHUB_QUEUE;
  const counting = countingQueues.get(queue) ?? {
    send: (body: unknown, options?: QueueSendOptions) => {
      counts.queueSends += 1;
      counts.queueWrites += chunks(body);
      return queue.send(body, options);
    },
    sendBatch: (messages: Iterable<MessageSendRequest>, options?: QueueSendBatchOptions) => {
      counts.queueSends += 1;
      for (const { body } of messages) counts.queueWrites += chunks(body);
      return queue.sendBatch(messages, options);
    },
  };
  countingQueues.set(queue, counting);
  return { ...env, EVENTHUB_QUEUE: counting };
}

/** Counts a batch when it arrives, and its acknowledgements when they are made. */
export function countBatch<T>(batch: MessageBatch<T>): void {
  counts.queueBatches += 1;
  for (const message of batch.messages) {
    const size = chunks(message.body);
    counts.queueReads += size;
    const ack = message.ack.bind(message);
    message.ack = () => {
      counts.queueDeletes += size;
      ack();
    };
  }
}
