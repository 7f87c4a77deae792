import { describe, expect, test } from "vitest";
import { LATENCY_BANDS_MS } from "../../../schema/vocabulary/heat-map-bands.ts";
import {
  capOf,
  heatExtent,
  heatOf,
  msText,
  rangeOfMs,
  ticksOfMs,
  wholeBuckets,
} from "../../../workers/console/assets/chart-scale.ts";

describe("an axis of lengths of time", () => {
  test("begins and ends at a round duration", () => {
    expect(rangeOfMs(63, 1_900_000)).toEqual([50, 3_600_000 * 1]);
    expect(rangeOfMs(0, 0)).toEqual([1, 2]);
    expect(rangeOfMs(1_000, 1_000)).toEqual([1_000, 2_000]);
  });

  test("has ticks only at round durations, as close as their labels allow", () => {
    expect(ticksOfMs(50, 3_600_000, 4).map(msText)).toEqual([
      "50 ms",
      "200 ms",
      "1 s",
      "5 s",
      "20 s",
      "2 min",
      "10 min",
      "1 h",
    ]);
    expect(ticksOfMs(1_000, 20_000, 1.5).map(msText)).toEqual(["1 s", "2 s", "5 s", "10 s", "20 s"]);
  });

  test("labels durations in a familiar unit", () => {
    expect([0, 340, 1_000, 4_230, 59_000, 720_000, 10_800_000, 259_200_000].map(msText)).toEqual([
      "0 ms",
      "340 ms",
      "1 s",
      "4.2 s",
      "59 s",
      "12 min",
      "3 h",
      "3 d",
    ]);
  });
});

describe("an axis of counts", () => {
  const usual = [0, 0, 80, 90, 100, 110, 95, 105, 100, 90, 100, 110];

  test("ends above the usual values if an outlier would flatten the rest", () => {
    expect(capOf([...usual, 12_000])).toBe(200);
  });

  test("ends at the maximum if there is no outlier or too little data", () => {
    expect(capOf(usual)).toBeUndefined();
    expect(capOf([...usual, 300])).toBeUndefined();
    expect(capOf([1, 1, 1_000])).toBeUndefined();
    expect(capOf([])).toBeUndefined();
  });
});

describe("a heat map", () => {
  /** Counts by the beginning of their band. */
  const counts = (byBand: Record<number, number>) => LATENCY_BANDS_MS.map((ms) => byBand[ms] ?? 0);

  test("has a cell for each band with results, darker for a larger share of that time's results", () => {
    const cells = heatOf(counts({ 0: 9, 100: 90, 86400000: 1 }), 1_000_000_000);
    expect(cells.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [100, 200],
      [86_400_000, 1_000_000_000],
    ]);
    const [some = 0, most = 0, one = 0] = cells.map(({ dark }) => dark);
    expect(most).toBeGreaterThan(some);
    expect(some).toBeGreaterThan(one);
    // One of a hundred is visible.
    expect(one).toBeGreaterThan(0.15);
    expect(heatOf(counts({ 100: 3 }), 1_000)).toEqual([{ from: 100, to: 200, dark: 1 }]);
    expect(heatOf(counts({}), 1_000)).toEqual([]);
  });

  test("reaches from the first band with results to the end of the last", () => {
    expect(heatExtent([[], counts({ 50: 1 }), counts({ 2000: 4 })])).toEqual([50, 5_000]);
    expect(heatExtent([counts({ 0: 1 })])).toEqual([1, 1]);
    expect(heatExtent([counts({ 86400000: 1 })])).toEqual([86_400_000, 172_800_000]);
    expect(heatExtent([[], counts({})])).toBeUndefined();
  });
});

test("a selection in a chart covers whole buckets", () => {
  expect(wholeBuckets(1_130, 1_250, 1_000, 60)).toEqual([1_120, 1_300]);
  expect(wholeBuckets(900, 1_060, 1_000, 60)).toEqual([1_000, 1_060]);
});
