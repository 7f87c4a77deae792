import type { Database } from "../../../schema/database.ts";
import type { Traffic } from "../../../schema/operator.ts";
import { countEmitted, type LatencyRow, sampleLatency } from "../../../schema/queries/count-traffic.ts";
import { bucketsOf } from "./stats.ts";

/** Events emitted and latency percentiles by time since a moment (default a day ago, by the hour). @throws OperatorError */
export async function getTraffic(database: Database, options: unknown): Promise<Traffic> {
  const { since, bucketSeconds } = bucketsOf(options);
  const [emitted, latency] = await database.transaction<[{ at: Date; events: number }, LatencyRow]>([
    countEmitted(since, bucketSeconds),
    sampleLatency(since, bucketSeconds),
  ]);
  return {
    since,
    bucketSeconds,
    emitted,
    latency: latency.map(({ at, sampled, p50_ms: p50Ms, p95_ms: p95Ms, p99_ms: p99Ms }) => ({
      at,
      sampled,
      p50Ms,
      p95Ms,
      p99Ms,
    })),
  };
}
