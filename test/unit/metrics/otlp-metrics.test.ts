import { expect, test } from "vitest";
import { MAX_DESTINATION_NAME_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { LATENCY_BOUNDS, MAX_METRIC_DESTINATIONS, type MetricName } from "../../../schema/vocabulary/metrics.ts";
import { otlpMetrics } from "../../../workers/metrics/otlp-metrics.ts";
import { type Sample, samplesOf } from "../../../workers/metrics/samples.ts";
import type { Snapshot } from "../../../workers/metrics/snapshot.ts";
import { type ReceivedMetric, readOtlpMetrics } from "../../support/otlp.ts";

const AT = new Date("2026-11-29T10:00:00.123Z");
const SINCE = new Date("2026-11-01T00:00:00.000Z");

/** The samples as a collector reads them. */
function received(samples: Partial<Record<MetricName, Sample[]>>, more: Partial<Snapshot> = {}): ReceivedMetric[] {
  const entries = Object.entries(samples) as [MetricName, Sample[]][];
  return readOtlpMetrics(
    otlpMetrics({ "service.name": "tests" }, { samples: new Map(entries), at: AT, since: SINCE, ...more }).body,
  ).metrics;
}

const times = { startTimeUnixNano: `${SINCE.getTime()}000000`, timeUnixNano: `${AT.getTime()}000000` };

test("a counter is a monotonic sum since counting began", () => {
  expect(received({ eventhub_results: [{ labels: ["BILLING", "complete"], value: 7 }] })).toEqual([
    {
      name: "eventhub_results",
      description: "Dispatches that reached a final status.",
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [
          {
            attributes: [
              { key: "destination", value: { stringValue: "BILLING" } },
              { key: "status", value: { stringValue: "complete" } },
            ],
            ...times,
            asInt: "7",
          },
        ],
      },
    },
  ]);
});

test("a gauge has only the time of its reading, and seconds are not integers", () => {
  const [metric] = received({ eventhub_run_age_seconds: [{ labels: ["hub"], value: 12.5 }] });
  const attributes = [{ key: "part", value: { stringValue: "hub" } }];
  expect(metric).toEqual({
    name: "eventhub_run_age_seconds",
    description: expect.any(String),
    unit: "s",
    gauge: { dataPoints: [{ attributes, timeUnixNano: times.timeUnixNano, asDouble: 12.5 }] },
  });
});

test("a histogram counts values up to and including each upper bound, with the total sum and count", () => {
  // Two up to 0.1 s, one more up to 0.25 s, and one above all bounds.
  const buckets = [2, ...LATENCY_BOUNDS.slice(1).map(() => 3), 4];
  const [metric] = received({ eventhub_due_to_result_seconds: [{ labels: ["BILLING"], value: 90_000.5, buckets }] });
  expect(metric?.histogram?.aggregationTemporality).toBe(2);
  expect(metric?.histogram?.dataPoints).toEqual([
    {
      attributes: [{ key: "destination", value: { stringValue: "BILLING" } }],
      ...times,
      count: "4",
      sum: 90_000.5,
      bucketCounts: ["2", "1", ...LATENCY_BOUNDS.slice(2).map(() => "0"), "1"],
      explicitBounds: [...LATENCY_BOUNDS],
    },
  ]);
});

test("an info metric is a non-monotonic sum under its sample's name", () => {
  const [metric] = received({ eventhub_build: [{ labels: ["1.0.0", "0022_sleep"], value: 1 }] });
  expect(metric).toMatchObject({ name: "eventhub_build_info", sum: { aggregationTemporality: 2 } });
  expect(metric?.sum?.isMonotonic).toBe(false);
});

test("a metric without a sample is left out, and no period begins after its end", () => {
  const build = [{ labels: ["1.0.0", "0022_sleep"], value: 1 }];
  expect(received({ eventhub_ongoing: [], eventhub_build: build }).map(({ name }) => name)).toEqual([
    "eventhub_build_info",
  ]);
  const later = new Date(AT.getTime() + 5_000);
  const [metric] = received({ eventhub_events_emitted: [{ labels: [], value: 0 }] }, { since: later });
  expect(metric?.sum?.dataPoints[0]?.startTimeUnixNano).toBe(times.timeUnixNano);
});

test("a request has a limited size, however many destinations there are", () => {
  const gauges = Array.from({ length: 3 * MAX_METRIC_DESTINATIONS }, (_, n) => ({
    gauge: "eventhub_paused" as const,
    destination: `DESTINATION_${n}`.padEnd(MAX_DESTINATION_NAME_LENGTH, "_"),
    value: 0,
  }));
  const none = {
    deployment: { faults: [] },
    overdue: [],
    lost: [],
    runs: [],
    states: [],
    counts: [],
    countedSecondsAgo: 0,
    now: AT,
  };
  const samples = samplesOf({ ...none, gauges } as unknown as Parameters<typeof samplesOf>[0]);
  const { body, points } = otlpMetrics({ "service.name": "tests" }, { samples, at: AT, since: SINCE });
  expect(points).toBeLessThan(2_400);
  expect(body.length).toBeLessThan(670_000);
});
