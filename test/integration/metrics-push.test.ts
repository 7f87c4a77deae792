import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EXPORT_TIMEOUT_MS } from "../../schema/vocabulary/limits.ts";
import { METRICS } from "../../schema/vocabulary/metrics.ts";
import { type Collector, type CollectorMood, startCollector } from "../support/collector.ts";
import { attributesOf, type ReceivedMetric, type ReceivedPoint } from "../support/otlp.ts";
import { type System, startSystem } from "../support/system.ts";

/** The metrics Worker in workerd when its cron calls it: it pushes over OTLP to a receiver that reads by the official definitions. */

const TOKEN = "a-token-of-the-tests-0123456789";

let collector: Collector;
let system: System;
beforeAll(async () => {
  collector = await startCollector();
  const otlp = {
    OTLP_ENDPOINT: collector.origin,
    OTLP_HEADERS: "authorization=Bearer%20abc",
    ENVIRONMENT_NAME: "tests",
  };
  system = await startSystem({
    more: ({ vars, script }) =>
      Object.entries<Record<string, string>>({
        pushing: { ...otlp, METRICS_TOKEN: TOKEN },
        "pushing-alone": otlp,
        // A separate Worker, since each keeps what it has read for a while.
        unkept: otlp,
        unset: {},
        faulty: { ...otlp, OTLP_ENDPOINT: "http://otlp.example.com/a-secret-path" },
        "faulty-headers": { ...otlp, OTLP_HEADERS: "a-secret" },
        away: { ...otlp, DATABASE_URL: `${vars.DATABASE_URL}_that_is_not_there` },
      }).map(([name, own]) => ({ config: { name, ...script("metrics"), vars: { ...vars, ...own } } })),
  });
});
afterAll(async () => {
  await system?.stop();
  collector?.close();
});
beforeEach(() => {
  collector.mood = "well";
  system.harness.clearLogs();
});

const push = (worker: string) => system.harness.getWorker(worker).scheduled({ cron: "* * * * *" });

/** The log of the metrics Workers. */
const logged = () =>
  system.harness
    .getLogs()
    .map(({ message }) => message)
    .filter((line) => line.includes('"event":"metrics.'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The samples of OpenMetrics text: each value by its name and labels. */
function samplesOfText(text: string): Record<string, number> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [, name = "", labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        return [
          sample(name, Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v]))),
          Number(value),
        ];
      }),
  );
}

/** The same for metrics that were pushed, by OpenTelemetry's rules for Prometheus' names. */
function samplesOfPush(metrics: readonly ReceivedMetric[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { name, sum, gauge, histogram } of metrics) {
    for (const { attributes = [], ...point } of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
      const labels = attributesOf(attributes);
      if (histogram !== undefined) Object.assign(found, histogramSamples(name, labels, point));
      else
        found[sample(sum?.isMonotonic === true ? `${name}_total` : name, labels)] = Number(
          point.asInt ?? point.asDouble,
        );
    }
  }
  return found;
}

function histogramSamples(name: string, labels: object, point: Omit<ReceivedPoint, "attributes">) {
  const { bucketCounts = [], explicitBounds = [], count, sum } = point;
  let upTo = 0;
  const buckets = bucketCounts.map((own, index) => {
    upTo += Number(own);
    const bound = explicitBounds[index];
    const le = bound === undefined ? "+Inf" : Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
    return [sample(`${name}_bucket`, { ...labels, le }), upTo];
  });
  return {
    ...Object.fromEntries(buckets),
    [sample(`${name}_count`, labels)]: Number(count),
    [sample(`${name}_sum`, labels)]: sum,
  };
}

const sample = (name: string, labels: object) =>
  `${name} ${JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)))}`;

/** Sends events through the hub, and makes them old enough to be counted. */
async function deliver(): Promise<void> {
  const { events } = await system.emit([{ to: "SCRIPTED" }, { to: "BATCH" }, { to: "RATED" }]);
  for (const { id } of events) await system.settled(id);
  for (const change of [
    "update eventhub.dispatches set created_at = created_at - interval '3 minutes', resulted_at = resulted_at - interval '2 minutes'",
    "update eventhub.executions set finished_at = finished_at - interval '2 minutes'",
    "update eventhub.metric_marks set at = now() - interval '10 minutes'",
  ])
    await system.database.query(change);
}

describe("a push", () => {
  test("has the numbers of /metrics of the same moment, under the same names and labels", async () => {
    await deliver();
    const asked = await system.harness
      .getWorker("pushing")
      .fetch("/metrics", { headers: { Authorization: `Bearer ${TOKEN}` } });
    const text = await asked.text();
    await push("pushing");
    expect(collector.faults).toEqual([]);
    const [pushed] = collector.pushes;
    const samples = samplesOfText(text);
    expect(samples[sample("eventhub_results_total", { destination: "SCRIPTED", status: "complete" })]).toBe(1);
    expect(samples[sample("eventhub_emit_to_result_seconds_count", { destination: "BATCH" })]).toBe(1);
    expect(samplesOfPush(pushed?.metrics ?? [])).toEqual(samples);
  });

  test("goes to /v1/metrics with the headers of the secret, and says whose it is", async () => {
    const [request] = collector.requests;
    expect(request).toMatchObject({
      path: "/v1/metrics",
      headers: { authorization: "Bearer abc", "content-type": "application/json" },
    });
    expect(collector.pushes[0]?.resource).toEqual({
      "service.name": "eventhub-metrics",
      "service.namespace": "eventhub",
      "deployment.environment.name": "tests",
    });
    for (const { name, description, unit } of collector.pushes[0]?.metrics ?? []) {
      const entry = METRICS[name.replace(/_info$/, "") as keyof typeof METRICS];
      expect([description, unit]).toEqual([`${entry.what}.`, "unit" in entry ? "s" : undefined]);
    }
  });

  test("counts from one moment on, before which nothing was counted, and which stays", async () => {
    await push("pushing-alone");
    await system.database.query("update eventhub.metric_marks set at = now() - interval '90 seconds'");
    // Another isolate, which does not have the answer that the first one keeps.
    await push("unkept");
    const [first, second] = collector.pushes.slice(-2).map(({ metrics }) => metrics);
    const starts = (metrics: readonly ReceivedMetric[] = []) =>
      new Set(
        metrics
          .flatMap(({ sum, histogram }) => (sum ?? histogram)?.dataPoints ?? [])
          .map((point) => point.startTimeUnixNano),
      );
    expect(starts(first).size).toBe(1);
    expect(starts(second)).toEqual(starts(first));
    const [start = 0] = [...starts(first)].map((time) => Number(time) / 1e6);
    const [earliest] = await system.database.query<{ at: Date }>(
      "select min(resulted_at) as at from eventhub.dispatches",
    );
    expect(start).toBeLessThanOrEqual(earliest?.at.getTime() ?? 0);
  });

  test("is none without an endpoint, and asks the database nothing", async () => {
    const [requests, asked] = [collector.requests.length, await system.database.requests()];
    await push("unset");
    expect([collector.requests.length, await system.database.requests()]).toEqual([requests, asked]);
    expect(logged()).toEqual([]);
  });

  test("is none with a faulty setting, which is said without what may be secret", async () => {
    const before = collector.requests.length;
    await push("faulty");
    await push("faulty-headers");
    expect(collector.requests).toHaveLength(before);
    expect(logged()).toEqual([
      {
        event: "metrics.misconfigured",
        error:
          "OTLP_ENDPOINT must be an https URL without user, password and query, such as https://otlp.example.com (http only at localhost)",
      },
      {
        event: "metrics.misconfigured",
        error: "OTLP_HEADERS must be headers such as name=value,other=value, with values percent-encoded",
      },
    ]);
  });

  test("that the database has nothing to say to is a line in the log", async () => {
    await push("away");
    expect(logged()).toEqual([
      { event: "metrics.failed", path: "push", error: expect.stringMatching(/^.*3D000.*no such database/) },
    ]);
  });
});

describe("a collector that", () => {
  const lines = () => logged().filter(({ event }) => event === "metrics.push_failed");

  test.each<[CollectorMood, string]>([
    ["unavailable", "answered 503"],
    ["partial", "the collector refused them: no room"],
  ])("is %s costs its values, which is said, and is asked once", async (mood, error) => {
    collector.mood = mood;
    const before = collector.requests.length;
    await push("pushing-alone");
    expect(collector.requests).toHaveLength(before + 1);
    const points = collector.requests.at(-1)?.items;
    expect(points).toBeGreaterThan(50);
    expect(lines()).toEqual([{ event: "metrics.push_failed", points, error }]);
  });

  test("is silent is left after its time, and the next push goes on", async () => {
    collector.mood = "silent";
    const began = performance.now();
    await push("pushing-alone");
    expect(performance.now() - began).toBeGreaterThanOrEqual(EXPORT_TIMEOUT_MS - 100);
    expect(lines()).toMatchObject([
      { points: collector.requests.at(-1)?.items, error: expect.stringMatching(/timeout/i) },
    ]);
    collector.mood = "well";
    const taken = collector.pushes.length;
    await push("pushing-alone");
    expect(collector.pushes).toHaveLength(taken + 1);
  });

  test("answers without end has taken them, and is read no further", async () => {
    collector.mood = "endless";
    await push("pushing-alone");
    expect(lines()).toEqual([]);
  });
});
