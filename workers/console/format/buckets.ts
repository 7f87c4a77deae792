import type { Search } from "../forms/filters.ts";
import { PERIOD_WORDS, PERIODS, periodOf } from "../forms/periods.ts";

/**
 * The size of a chart's buckets by period, in seconds: they make 60, 48, 42 and 30 buckets. Each bucket costs the same, and long periods have much to
 * count anyway, so they get fewer.
 */
export const BUCKETS: Readonly<Record<string, number>> = { "1h": 60, "24h": 1_800, "7d": 14_400, "30d": 86_400 };

/** The beginning of a period whose buckets begin at round times, so that they stay in place from one refresh to the next. */
export function sinceOf(periodSeconds: number, bucketSeconds: number, now: Date): Date {
  const bucket = bucketSeconds * 1_000;
  return new Date(Math.ceil((now.getTime() - periodSeconds * 1_000) / bucket) * bucket);
}

/** Sizes of buckets for a period that was marked in a chart, in seconds. The smallest that makes at most {@link MAX_MARKED} buckets is used. */
const MARKED_BUCKETS = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 14_400, 86_400];
const MAX_MARKED = 60;

/** The time range of charts. */
export interface ChartRange {
  since: Date;
  /** `undefined` means until now. */
  until: Date | undefined;
  bucketSeconds: number;
  /** For example `in the last hour`. */
  words: string;
  /** The same as a part of a filter. */
  search: Pick<Search, "period"> | Pick<Search, "from" | "to">;
}

/** The time range that a URL asks for: `from` and `to` in UTC, as marking a part of a chart sets them, or `period`. */
export function chartRangeOf(
  { from = "", to = "", period: asked }: { from?: string; to?: string; period?: string },
  now: Date,
): ChartRange {
  const [since, until] = [new Date(`${from}Z`), new Date(`${to}Z`)];
  if (since < until) {
    const seconds = (until.getTime() - since.getTime()) / 1_000;
    const bucketSeconds = MARKED_BUCKETS.find((bucket) => seconds / bucket <= MAX_MARKED) ?? 86_400;
    return { since, until, bucketSeconds, words: "in this time", search: { from, to } };
  }
  const period = periodOf(asked);
  const bucketSeconds = BUCKETS[period] ?? 86_400;
  return {
    since: sinceOf(PERIODS[period] ?? 0, bucketSeconds, now),
    until: undefined,
    bucketSeconds,
    words: `in the last ${PERIOD_WORDS[period]}`,
    search: { period },
  };
}
