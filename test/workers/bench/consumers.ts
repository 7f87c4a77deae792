import { WorkerEntrypoint } from "cloudflare:workers";
import type { BatchItem, EventPayload, HandleResult } from "../../../schema/contract/index.ts";
import { type Counting, counts, readCounts } from "./counting.ts";

/** How long the slow consumers take. */
const SLOW_MS = 100;

/** The consumers of both systems: a handler that uses only the payload. */
export class Instant extends WorkerEntrypoint {
  async handle(_payload: EventPayload): Promise<HandleResult> {
    counts.rpcCalls += 1;
    return "complete";
  }

  async handleBatch(items: BatchItem[]): Promise<HandleResult[]> {
    counts.rpcCalls += 1;
    return items.map(() => "complete");
  }
}

export class Slow extends WorkerEntrypoint {
  async handle(_payload: EventPayload): Promise<HandleResult> {
    counts.rpcCalls += 1;
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    return "complete";
  }

  /** Takes 100 ms for all items together. */
  async handleBatch(items: BatchItem[]): Promise<HandleResult[]> {
    counts.rpcCalls += 1;
    return Promise.all(
      items.map(async () => {
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        return "complete" as const;
      }),
    );
  }
}

const seen = new Set<string>();

/** Fails when it sees every second event for the first time. It remembers events by itself, since the peer does not tell the attempt. */
function flaky(payload: EventPayload): HandleResult {
  const { n, run } = payload as { n: number; run: string };
  if (n % 2 === 0) return "complete";
  const key = `${run} ${n}`;
  if (seen.delete(key)) return "complete";
  seen.add(key);
  return "failed";
}

export class Flaky extends WorkerEntrypoint {
  async handle(payload: EventPayload): Promise<HandleResult> {
    counts.rpcCalls += 1;
    return flaky(payload);
  }

  async handleBatch(items: BatchItem[]): Promise<HandleResult[]> {
    counts.rpcCalls += 1;
    return items.map(({ payload }) => flaky(payload));
  }
}

export default class extends WorkerEntrypoint implements Counting {
  async counts(reset: boolean) {
    return readCounts(reset);
  }
}
