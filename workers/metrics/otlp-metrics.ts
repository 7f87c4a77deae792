import { attributesOf, nanoseconds, type Resource, SCOPE } from "../../schema/otlp/otlp-values.ts";
import { LATENCY_BOUNDS, type LabelName, METRICS, type MetricName } from "../../schema/vocabulary/metrics.ts";
import type { Sample } from "./samples.ts";
import type { Snapshot } from "./snapshot.ts";

/** Every value has been counted since the same moment, not since the last request. */
const CUMULATIVE = 2;

/** Units in the form of OTLP (UCUM), by their names in OpenMetrics. */
const UNITS = { seconds: "s" } as const;

/** All metrics of one moment as the body of an OTLP request. */
export interface MetricsRequest {
  body: string;
  /** The number of values in it. */
  points: number;
}

/**
 * Writes a snapshot as an OTLP request, with the families of `GET /metrics` under the same names. If a receiver derives Prometheus names from them,
 * it gets those that the dashboard and the alert rules use.
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function otlpMetrics(resource: Resource, snapshot: Snapshot): MetricsRequest {
  const families = [...snapshot.samples].filter(([, samples]) => samples.length > 0);
  const metrics = families.map(([name, samples]) => metricOf(name, samples, snapshot));
  const body = JSON.stringify({
    resourceMetrics: [{ resource: { attributes: attributesOf(resource) }, scopeMetrics: [{ scope: SCOPE, metrics }] }],
  });
  return { body, points: families.reduce((sum, [, samples]) => sum + samples.length, 0) };
}

/** A family's name in OTLP. Prometheus adds the suffixes of the samples itself, except for an info family, which OTLP does not know. */
export const otlpName = (name: MetricName): string => (METRICS[name].type === "info" ? `${name}_info` : name);

function metricOf(name: MetricName, samples: readonly Sample[], { at, since }: Snapshot) {
  const { type, what, labels, ...entry } = METRICS[name];
  const metric = {
    name: otlpName(name),
    description: `${what}.`,
    ...("unit" in entry ? { unit: UNITS[entry.unit] } : {}),
  };
  const now = { timeUnixNano: nanoseconds(at.getTime()) };
  const counted = { startTimeUnixNano: nanoseconds(Math.min(since.getTime(), at.getTime())), ...now };
  const points = <Point>(times: object, read: (sample: Sample) => Point) => ({
    dataPoints: samples.map((sample) => ({ ...labelled(labels, sample), ...times, ...read(sample) })),
  });
  const number = ({ value }: Sample) => ("unit" in entry ? { asDouble: value } : { asInt: String(value) });
  switch (type) {
    case "counter":
      return {
        ...metric,
        sum: { ...points(counted, number), aggregationTemporality: CUMULATIVE, isMonotonic: true },
      };
    case "histogram":
      return { ...metric, histogram: { ...points(counted, bucketsOf), aggregationTemporality: CUMULATIVE } };
    case "gauge":
      return { ...metric, gauge: points(now, number) };
    // OpenTelemetry's rules for OpenMetrics turn an info family into a sum that may fall.
    case "info":
      return { ...metric, sum: { ...points(counted, number), aggregationTemporality: CUMULATIVE, isMonotonic: false } };
  }
}

/** A sample's labels as attributes. Nothing if it has no labels. */
function labelled(names: readonly LabelName[], { labels }: Sample) {
  if (names.length === 0) return {};
  return { attributes: attributesOf(Object.fromEntries(names.map((name, index) => [name, labels[index]]))) };
}

/** Converts a histogram: OTLP counts between bounds, ours counts up to each. */
function bucketsOf({ value, buckets = [] }: Sample) {
  return {
    count: String(buckets.at(-1) ?? 0),
    sum: value,
    bucketCounts: buckets.map((upTo, index) => String(upTo - (buckets[index - 1] ?? 0))),
    explicitBounds: LATENCY_BOUNDS,
  };
}
