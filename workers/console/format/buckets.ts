/** Buckets of a chart by period, in seconds: 60, 48, 42 and 30 of them. Each costs the same, and long periods have much to count as it is. */
export const BUCKETS: Readonly<Record<string, number>> = { "1h": 60, "24h": 1_800, "7d": 14_400, "30d": 86_400 };

/** The beginning of a period whose buckets begin at round times, so that they stay where they are from one refresh to the next. */
export function sinceOf(periodSeconds: number, bucketSeconds: number, now: Date): Date {
  const bucket = bucketSeconds * 1_000;
  return new Date(Math.ceil((now.getTime() - periodSeconds * 1_000) / bucket) * bucket);
}
