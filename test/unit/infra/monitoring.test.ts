import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALERTS } from "../../../infra/monitoring/alerts.ts";
import { PANELS } from "../../../infra/monitoring/dashboard.ts";
import { MONITORING_FILES } from "../../../infra/monitoring/files.ts";
import { LABELS, METRICS, type MetricName } from "../../../schema/vocabulary/metrics.ts";
import { otlpMetrics } from "../../../workers/metrics/otlp-metrics.ts";
import { attributesOf, type ReceivedMetric, readOtlpMetrics } from "../../support/otlp.ts";

/** Every family with the names of its samples, and their labels. */
const SAMPLES = new Map(
  Object.entries(METRICS).flatMap(([name, { type, labels }]): [string, readonly string[]][] => {
    if (type === "counter") return [[`${name}_total`, labels]];
    if (type === "info") return [[`${name}_info`, labels]];
    if (type === "gauge") return [[name, labels]];
    return [
      [`${name}_bucket`, [...labels, "le"]],
      [`${name}_count`, labels],
      [`${name}_sum`, labels],
    ];
  }),
);

const QUERIES = [
  ...ALERTS.map(({ alert, expr }) => ({ of: alert, expr })),
  ...PANELS.flatMap(({ title, queries }) => queries.map(({ expr }) => ({ of: title, expr }))),
];

test.each(QUERIES)("$of queries existing metrics, labels and values: $expr", ({ expr }) => {
  const asked = [...expr.matchAll(/\b(eventhub_\w+)(?:\{([^}]*)\})?/g)];
  expect(asked.length).toBeGreaterThan(0);
  const known = new Set<string>();
  for (const [, name = "", matchers = ""] of asked) {
    const labels = SAMPLES.get(name);
    expect(labels, name).toBeDefined();
    for (const label of labels ?? []) known.add(label);
    for (const [, label = "", value = ""] of matchers.matchAll(/(\w+)=~?"([^"]*)"/g)) {
      expect(labels, `${name}{${label}}`).toContain(label);
      const values: readonly string[] | undefined = LABELS[label as keyof typeof LABELS];
      if (values !== undefined) expect(values).toEqual(expect.arrayContaining(value.split("|")));
    }
  }
  for (const [, by = ""] of expr.matchAll(/\bby \(([^)]*)\)/g)) {
    for (const label of by.split(/,\s*/)) expect([...known]).toContain(label);
  }
  // Balanced, so no helper has lost a bracket.
  expect(expr.split("(").length).toBe(expr.split(")").length);
});

test.each(Object.keys(METRICS) as MetricName[])("the pushed form of %s has its Prometheus name and labels", (name) => {
  const samples = [{ labels: METRICS[name].labels.map((label) => `a ${label}`), value: 1, buckets: [1] }];
  const moment = { samples: new Map([[name, samples]]), at: new Date(2), since: new Date(1) };
  const [metric] = readOtlpMetrics(otlpMetrics({ "service.name": "tests" }, moment).body).metrics;
  const points = (metric?.sum ?? metric?.gauge ?? metric?.histogram)?.dataPoints ?? [];
  const labels = Object.keys(attributesOf(points[0]?.attributes ?? []));
  expect(prometheusNames(metric).map((sample) => SAMPLES.get(sample)?.filter((label) => label !== "le"))).toEqual(
    prometheusNames(metric).map(() => labels),
  );
});

/**
 * The names that a receiver gives to the samples of a metric when it converts them for Prometheus.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
function prometheusNames(metric: ReceivedMetric | undefined): string[] {
  if (metric === undefined) return [];
  const { name, unit, sum, histogram } = metric;
  const base = unit === "s" && !name.includes("seconds") ? `${name}_seconds` : name;
  if (histogram !== undefined) return [`${base}_bucket`, `${base}_count`, `${base}_sum`];
  return [sum?.isMonotonic === true ? `${base}_total` : base];
}

test("an alert's text names only labels that its expression keeps", () => {
  for (const { alert, expr, summary } of ALERTS) {
    for (const [, label = ""] of summary.matchAll(/\$labels\.(\w+)/g)) expect(expr, alert).toContain(`by (${label})`);
  }
});

test("every metric except the number of destinations is on the dashboard or in an alert", () => {
  const asked = QUERIES.map(({ expr }) => expr).join(" ");
  const unseen = Object.keys(METRICS).filter((name) => !new RegExp(`\\b${name}(_total|_bucket|_info)?\\b`).test(asked));
  expect(unseen).toEqual(["eventhub_destinations"]);
});

test("the files for Grafana and Prometheus are generated from the code", () => {
  for (const [path, text] of Object.entries(MONITORING_FILES)) {
    expect(readFileSync(path, "utf8"), `${path}: npm run monitoring:write`).toBe(text());
  }
});
