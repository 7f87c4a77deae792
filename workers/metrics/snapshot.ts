import type { Database } from "../../schema/database/connection.ts";
import type { MetricName } from "../../schema/vocabulary/metrics.ts";
import { type Reading, readMetrics } from "./read-metrics.ts";
import { type Sample, samplesOf } from "./samples.ts";

/** All metrics at one moment. */
export interface Snapshot {
  samples: ReadonlyMap<MetricName, readonly Sample[]>;
  /** The time of the snapshot, by the database's clock. */
  at: Date;
  /** When the counters and histograms began to count. */
  since: Date;
}

/** Reads the present metrics from the database. */
export async function takeSnapshot(database: Database): Promise<Snapshot> {
  const reading = await readMetrics(database);
  return { samples: samplesOf(reading), at: reading.now, since: countedSince(reading) };
}

/** The moment at which all counters were 0. While they all are still 0, it is the moment up to which they count. */
function countedSince({ counts, countedSecondsAgo, now }: Reading): Date {
  const countedUpTo = now.getTime() - countedSecondsAgo * 1_000;
  return new Date(counts.reduce((first, { since }) => Math.min(first, since.getTime()), countedUpTo));
}
