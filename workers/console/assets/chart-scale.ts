/** Scales and ticks of the charts, as functions of numbers. The browser's script includes them. */

import { LATENCY_BANDS_MS, ROUND_MS } from "../../../schema/vocabulary/heat-map-bands.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** The ends of a logarithmic axis: the round duration at or below `least`, and the one at or above `most`. */
export function rangeOfMs(least: number, most: number): [number, number] {
  const low = ROUND_MS.findLast((round) => round <= least) ?? 1;
  const high = ROUND_MS.find((round) => round >= most && round > low) ?? most;
  return [low, high];
}

/**
 * The ticks of a logarithmic axis of milliseconds.
 *
 * @param gap The least factor between two ticks, so that their texts do not touch
 */
export function ticksOfMs(low: number, high: number, gap: number): number[] {
  const ticks: number[] = [];
  for (const round of ROUND_MS) {
    if (round < low || round > high) continue;
    const before = ticks.at(-1);
    if (before === undefined || round / before >= gap) ticks.push(round);
  }
  return ticks;
}

/** A duration as text of a tick or a legend: `340 ms`, `4.2 s`, `12 min`, `3 h`. */
export function msText(ms: number): string {
  const [unit, length] =
    ms < SECOND
      ? ["ms", 1]
      : ms < MINUTE
        ? ["s", SECOND]
        : ms < HOUR
          ? ["min", MINUTE]
          : ms < 2 * DAY
            ? ["h", HOUR]
            : ["d", DAY];
  const n = ms / (length as number);
  return `${n < 10 ? Math.round(n * 10) / 10 : Math.round(n)} ${unit}`;
}

/** A value this many times the usual is an outlier that would flatten all others. */
const FAR = 6;
/** With fewer values than this, nothing counts as usual. */
const FEW = 8;

/**
 * The end of an axis of counts, if outliers would flatten the rest. They are cut off there and marked. `undefined` if the axis ends at the largest
 * count.
 */
export function capOf(values: readonly number[]): number | undefined {
  const some = values.filter((value) => value > 0).sort((one, other) => one - other);
  const usual = some[Math.floor(some.length * 0.9) - 1] ?? 0;
  const most = some.at(-1) ?? 0;
  return some.length < FEW || most <= FAR * usual ? undefined : roundUp(usual * 1.5);
}

/** The next number of 1, 2, 5, 10, 20, 50, ... */
function roundUp(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  return ([1, 2, 5, 10].find((round) => round * power >= n) ?? 10) * power;
}

/** The range of whole buckets that a marked part of a chart touches, in seconds. */
export const wholeBuckets = (from: number, to: number, first: number, bucket: number): [number, number] => {
  const edge = (at: number, round: (n: number) => number) => first + round((at - first) / bucket) * bucket;
  return [Math.max(first, edge(from, Math.floor)), edge(to, Math.ceil)];
};

/** One cell of a heat map: a range of milliseconds, and its darkness, above 0 and up to 1. */
export interface Cell {
  from: number;
  to: number;
  dark: number;
}

/** The least darkness that is visible. */
const FAINT = 0.12;

/**
 * The cells of one bucket: the distribution of its results over the bands of latency, whatever their number. The darkness is the square root of the
 * share, so that one slow result in a hundred is also visible.
 *
 * @param counts By band ({@link LATENCY_BANDS_MS})
 * @param high The upper end of the axis, at which a band without an end is cut
 */
export function heatOf(counts: readonly number[], high: number): Cell[] {
  const sum = counts.reduce((total, n) => total + n, 0);
  return counts.flatMap((n, band) =>
    n === 0
      ? []
      : [
          {
            from: LATENCY_BANDS_MS[band] ?? 0,
            to: LATENCY_BANDS_MS[band + 1] ?? high,
            dark: FAINT + (1 - FAINT) * Math.sqrt(n / sum),
          },
        ],
  );
}

/** The least range that an axis of a heat map must have, in milliseconds; `undefined` if nothing is counted. */
export function heatExtent(counted: readonly (readonly number[])[]): [number, number] | undefined {
  const bands = LATENCY_BANDS_MS.map((_, band) => band).filter((band) =>
    counted.some((counts) => (counts[band] ?? 0) > 0),
  );
  const [first, last] = [bands[0], bands.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const end = LATENCY_BANDS_MS[last + 1] ?? 2 * (LATENCY_BANDS_MS[last] ?? 0);
  return [Math.max(LATENCY_BANDS_MS[first] ?? 0, 1), end];
}
