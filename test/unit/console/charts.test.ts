import { describe, expect, test } from "vitest";
import type { Stats } from "../../../schema/contract/operator.ts";
import { sinceOf } from "../../../workers/console/format/buckets.ts";
import { barsOf } from "../../../workers/console/pages/destinations/count-results.ts";
import { flowOf, totalOf } from "../../../workers/console/pages/overview/flow-totals.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");

describe("the charts", () => {
  const since = sinceOf(3_600, 1_800, NOW);
  const row = (minutes: number, status: "complete" | "failed" | "cancelled", dispatches: number) => ({
    at: new Date(since.getTime() + minutes * 60_000),
    destination: "A",
    status,
    dispatches,
  });
  const stats: Stats = {
    since,
    bucketSeconds: 1_800,
    resulted: [row(0, "complete", 3), row(30, "failed", 2), row(30, "cancelled", 9), row(999, "failed", 1)],
    ongoing: [],
  };

  test("begin at a round time of day", () => {
    expect(since).toEqual(new Date("2026-11-24T11:00:00.000Z"));
    expect(sinceOf(3_600, 1_800, new Date(NOW.getTime() + 1))).toEqual(new Date("2026-11-24T11:30:00.000Z"));
  });

  test("have a row for each bucket, even for one that began between two counts, and totals", () => {
    const at = (minutes: number) => new Date(since.getTime() + minutes * 60_000);
    const emitted = [0, 30, 60].map((minutes, index) => ({ at: at(minutes), events: 7 * index }));
    const resulted = [
      { at: at(0), delivered: 3, failed: 0 },
      { at: at(30), delivered: 0, failed: 2 },
    ];
    const flow = flowOf({ since, bucketSeconds: 1_800, emitted, resulted, latency: [], ongoing: 0, estimated: false });
    expect(flow.map(({ emitted, delivered, failed }) => [emitted, delivered, failed])).toEqual([
      [0, 3, 0],
      [7, 0, 2],
      [14, 0, 0],
    ]);
    expect(totalOf(flow)).toEqual({ emitted: 21, delivered: 3, failed: 2 });
  });

  test("of one destination show successes and failures", () => {
    expect(barsOf("A", stats, NOW)).toEqual([
      { good: 3, bad: 0 },
      { good: 0, bad: 2 },
      { good: 0, bad: 0 },
    ]);
    expect(barsOf("B", stats, NOW)[0]).toEqual({ good: 0, bad: 0 });
  });
});
