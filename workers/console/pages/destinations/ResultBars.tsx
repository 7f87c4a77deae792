import type { Stats, StatsRow } from "../../../../schema/contract/operator.ts";

const DELIVERED: ReadonlySet<string> = new Set(["complete", "ignored"]);
const FAILED: ReadonlySet<string> = new Set(["failed", "misconfigured", "lost"]);

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

/** One destination's results over time in a line of its own: height is how many, red is how many without success. */
export const ResultBars = ({ bars }: { bars: readonly { good: number; bad: number }[] }) => {
  const most = Math.max(1, ...bars.map(({ good, bad }) => good + bad));
  const height = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round((n / most) * 20)));
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${bars.length * 3} 20`}
      width={bars.length * 3}
      height="20"
      aria-hidden="true"
      preserveAspectRatio="none"
    >
      {bars.map(({ good, bad }, index) => {
        const [g, b] = [height(good), height(bad)];
        return (
          <>
            {g === 0 ? undefined : <rect class="good" x={index * 3} y={20 - g} width="2" height={g} />}
            {b === 0 ? undefined : <rect class="bad" x={index * 3} y={Math.max(0, 20 - g - b)} width="2" height={b} />}
          </>
        );
      })}
    </svg>
  );
};
