import type { Traffic } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  countAllOngoing,
  countEmitted,
  countOutcomes,
  sampleLatency,
} from "../../../schema/queries/dispatches/count-traffic.ts";
import { bucketsOf } from "./stats.ts";

/**
 * Events emitted, dispatches ended and latency percentiles by time since a moment (default a day ago, by the hour), and what is ongoing. Each
 * is asked by itself: together they would take as long as their sum. @throws OperatorError
 */
export async function getTraffic(database: Database, options: unknown): Promise<Traffic> {
  const { since, bucketSeconds } = bucketsOf(options);
  const [emitted, resulted, latency, ongoing] = await Promise.all([
    database.run(countEmitted(since, bucketSeconds)),
    database.run(countOutcomes(since, bucketSeconds)),
    database.run(sampleLatency(since, bucketSeconds)),
    database.run(countAllOngoing()),
  ]);
  return {
    since,
    bucketSeconds,
    emitted,
    resulted,
    latency: latency.map(({ at, sampled, p50_ms: p50Ms, p95_ms: p95Ms, p99_ms: p99Ms }) => ({
      at,
      sampled,
      p50Ms,
      p95Ms,
      p99Ms,
    })),
    ongoing: ongoing[0]?.ongoing ?? 0,
  };
}
