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

/** Of this isolate; the local runtime has one for each Worker. */
export const counts: Counts = noCounts();

for (const level of ["debug", "log", "info", "warn", "error"] as const) {
  const write = console[level].bind(console);
  console[level] = (...line) => {
    counts.logLines += 1;
    write(...line);
  };
}

/** A Worker that tells its counts over RPC. */
export interface Counting {
  counts(reset: boolean): Promise<Counts>;
}

/** Reads the counts of this isolate, and begins anew if asked to. */
export function readCounts(reset: boolean): Counts {
  const read = { ...counts };
  if (reset) Object.assign(counts, noCounts());
  return read;
}

/** Queues bill a message by 64 KB. @see https://developers.cloudflare.com/queues/platform/pricing/ */
const CHUNK_BYTES = 64_000;
const chunks = (body: unknown) => Math.max(1, Math.ceil(jsonLength(body) / CHUNK_BYTES));

/** Characters of a value as JSON; none of what JSON has not. */
export const jsonLength = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

const countingQueues = new WeakMap<Queue, Pick<Queue, "send" | "sendBatch">>();

/** An environment whose queue counts what is sent to it; the same queue for all requests, as the platform's own is. */
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

/** Counts a batch as it comes in, and its acknowledgements as they are made. */
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
