import type { Stats } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  countOngoing,
  countResults,
  type OngoingRow,
  type ResultCountRow,
} from "../../../schema/queries/dispatches/count-results.ts";
import { DEFAULT_BUCKET, DEFAULT_PERIOD_SECONDS } from "../../../schema/vocabulary/defaults.ts";
import { MAX_BUCKETS } from "../../../schema/vocabulary/operator-limits.ts";
import { check, StatsSchema } from "./argument-schemas.ts";
import { OperatorError } from "./operator-error.ts";

const SECONDS = { minute: 60, hour: 3_600, day: 86_400 };

/**
 * Results by time, destination and status since a moment (default a day ago, in buckets of an hour), and the number of ongoing dispatches. @throws
 * OperatorError
 */
export async function getStats(database: Database, options: unknown): Promise<Stats> {
  const { since, bucketSeconds } = bucketsOf(options);
  const [resulted, ongoing] = await database.transaction<[ResultCountRow, OngoingRow]>([
    countResults(since, bucketSeconds),
    countOngoing(),
  ]);
  return { since, bucketSeconds, resulted, ongoing };
}

/** The beginning of a period that ends at `until`, and the size of its buckets. @throws OperatorError */
export function bucketsOf(options: unknown, until = new Date()): { since: Date; bucketSeconds: number } {
  const { since = new Date(Date.now() - DEFAULT_PERIOD_SECONDS * 1_000), bucket = DEFAULT_BUCKET } = check(
    StatsSchema,
    options ?? {},
    "options",
  );
  const bucketSeconds = typeof bucket === "number" ? bucket : SECONDS[bucket];
  if ((until.getTime() - since.getTime()) / 1_000 / bucketSeconds > MAX_BUCKETS) {
    throw new OperatorError("invalid_arguments", `options.bucket: makes more than ${MAX_BUCKETS} buckets since then`);
  }
  return { since, bucketSeconds };
}
