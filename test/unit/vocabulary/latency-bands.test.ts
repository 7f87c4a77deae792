import { expect, test } from "vitest";
import { LATENCY_BANDS_MS, ROUND_MS } from "../../../schema/vocabulary/heat-map-bands.ts";

const [S, MIN, H, D] = [1_000, 60_000, 3_600_000, 86_400_000];

test("round durations go from a millisecond to 100 days, and the bands of latency from 0 to a day", () => {
  const toADay = [
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
    ...[1 * S, 2 * S, 5 * S, 10 * S, 20 * S],
    ...[1 * MIN, 2 * MIN, 5 * MIN, 10 * MIN, 20 * MIN],
    ...[1 * H, 2 * H, 5 * H, 10 * H, 1 * D],
  ];
  expect(ROUND_MS).toEqual([...toADay, 2 * D, 5 * D, 10 * D, 20 * D, 50 * D, 100 * D]);
  expect(LATENCY_BANDS_MS).toEqual([0, ...toADay]);
});
