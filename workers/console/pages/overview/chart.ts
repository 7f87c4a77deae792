import type { Stats, StatsRow, Traffic } from "../../../../schema/contract/operator.ts";

/** Buckets of a chart by period, in seconds: 60, 48, 42 and 30 of them. Each costs the same, and long periods have much to count as it is. */
export const BUCKETS: Readonly<Record<string, number>> = { "1h": 60, "24h": 1_800, "7d": 14_400, "30d": 86_400 };

/** The beginning of a period whose buckets begin at round times, so that they stay where they are from one refresh to the next. */
export function sinceOf(periodSeconds: number, bucketSeconds: number, now: Date): Date {
  const bucket = bucketSeconds * 1_000;
  return new Date(Math.ceil((now.getTime() - periodSeconds * 1_000) / bucket) * bucket);
}

/** One bucket of the chart of what came in and went out. */
export interface FlowRow {
  at: Date;
  emitted: number;
  delivered: number;
  failed: number;
}

const DELIVERED: ReadonlySet<string> = new Set(["complete", "ignored"]);
const FAILED: ReadonlySet<string> = new Set(["failed", "misconfigured", "lost"]);

/** Emitted, delivered and failed by bucket. */
export function flowOf({ emitted, resulted }: Traffic): FlowRow[] {
  const outcomes = new Map(resulted.map((row) => [row.at.getTime(), row]));
  return emitted.map(({ at, events }) => {
    const { delivered = 0, failed = 0 } = outcomes.get(at.getTime()) ?? {};
    return { at, emitted: events, delivered, failed };
  });
}

/** The sums of a flow. */
export function totalOf(rows: readonly FlowRow[]): Omit<FlowRow, "at"> {
  const total = { emitted: 0, delivered: 0, failed: 0 };
  for (const row of rows) {
    total.emitted += row.emitted;
    total.delivered += row.delivered;
    total.failed += row.failed;
  }
  return total;
}

/** A destination's results by bucket, for a bar of its own: how many, and how many of them without success. */
export function barsOf(
  name: string,
  { since, bucketSeconds, resulted }: Stats,
  now: Date,
): { good: number; bad: number }[] {
  const length = Math.floor((now.getTime() - since.getTime()) / (bucketSeconds * 1_000)) + 1;
  const bars = Array.from({ length }, () => ({ good: 0, bad: 0 }));
  for (const row of resulted) {
    if (row.destination !== name) continue;
    const bar = bars[indexOf(row, since, bucketSeconds)];
    if (bar === undefined) continue;
    if (DELIVERED.has(row.status)) bar.good += row.dispatches;
    if (FAILED.has(row.status)) bar.bad += row.dispatches;
  }
  return bars;
}

const indexOf = ({ at }: StatsRow, since: Date, bucketSeconds: number) =>
  Math.round((at.getTime() - since.getTime()) / (bucketSeconds * 1_000));
