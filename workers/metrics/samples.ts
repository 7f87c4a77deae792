import { NEWEST_MIGRATION } from "../../schema/database/newest-migration.ts";
import { CHECK_NAMES } from "../../schema/vocabulary/checks.ts";
import { RUNNING_PARTS } from "../../schema/vocabulary/heartbeats.ts";
import {
  LABELS,
  LATENCY_BOUNDS,
  type LabelName,
  METRICS,
  type MetricName,
  type MetricOfType,
} from "../../schema/vocabulary/metrics.ts";
import { VERSION } from "../../schema/vocabulary/version.ts";
import { destinationsOf, type KnownDestinations } from "./named-destinations.ts";
import type { Reading } from "./read-metrics.ts";

/** One value, with the values of its family's labels in their order. */
export interface Sample {
  labels: readonly string[];
  value: number;
  /** For a histogram: the counts up to each bound, and last of all values; `value` is then the sum. */
  buckets?: readonly number[];
}

/** A reading, with its destinations. */
interface Source extends Reading {
  known: KnownDestinations;
}

/** How the samples of each family are made. */
const SOURCES: { readonly [Name in MetricName]: (source: Source) => Sample[] } = {
  eventhub_events_emitted: countersOf("eventhub_events_emitted"),
  eventhub_events_invalid: countersOf("eventhub_events_invalid"),
  eventhub_results: countersOf("eventhub_results"),
  eventhub_attempts: countersOf("eventhub_attempts"),
  eventhub_emit_to_result_seconds: histogramsOf("eventhub_emit_to_result_seconds"),
  eventhub_due_to_result_seconds: histogramsOf("eventhub_due_to_result_seconds"),
  eventhub_operations: countersOf("eventhub_operations"),
  eventhub_ongoing: gaugesOf("eventhub_ongoing"),
  eventhub_flow_waiting: gaugesOf("eventhub_flow_waiting"),
  eventhub_held_keys: gaugesOf("eventhub_held_keys"),
  eventhub_paused: gaugesOf("eventhub_paused"),
  eventhub_overdue: ({ known, overdue }) => perDestination(known, overdue, ({ dispatches }) => dispatches),
  eventhub_oldest_overdue_seconds: ({ known, overdue, now }) =>
    perDestination(known, overdue, ({ oldest }) => Math.max(0, (now.getTime() - oldest.getTime()) / 1_000), Math.max),
  eventhub_destination_state: ({ known, states }) => perState(known, states),
  eventhub_destination_alert: ({ known, states }) =>
    perState(
      known,
      states.filter(({ delivered, failed, alert_results }) => delivered + failed >= alert_results),
    ),
  eventhub_lost: ({ known, lost }) => perDestination(known, lost, ({ dispatches }) => dispatches),
  eventhub_operations_running: ({ gauges }) => [
    { labels: [], value: gauges.find(({ gauge }) => gauge === "eventhub_operations_running")?.value ?? 0 },
  ],
  eventhub_run_age_seconds: ({ runs }) => perPart(runs, ({ age_seconds }) => age_seconds),
  eventhub_run_late_seconds: ({ runs }) => perPart(runs, ({ late_seconds }) => late_seconds),
  eventhub_run_duration_seconds: ({ runs }) =>
    perPart(runs, ({ took_ms }) => (took_ms === null ? null : took_ms / 1_000)),
  eventhub_fault: ({ deployment }) =>
    CHECK_NAMES.map((check) => ({
      labels: [check],
      value: deployment.faults.some((fault) => fault.check === check) ? 1 : 0,
    })),
  eventhub_destinations: ({ known }) => [{ labels: [], value: known.count }],
  eventhub_counted_age_seconds: ({ countedSecondsAgo }) => [{ labels: [], value: countedSecondsAgo }],
  eventhub_build: () => [{ labels: [VERSION, NEWEST_MIGRATION], value: 1 }],
};

/** The samples of every family. */
export function samplesOf(reading: Reading): ReadonlyMap<MetricName, readonly Sample[]> {
  const source = { ...reading, known: destinationsOf(reading) };
  return new Map((Object.keys(SOURCES) as MetricName[]).map((name) => [name, SOURCES[name](source)]));
}

/**
 * Every combination of values that a family's labels have. So something that has not happened yet is 0, and its counter does not begin with the first
 * time.
 */
function combinations(labels: readonly LabelName[], known: KnownDestinations): string[][] {
  return labels.reduce<string[][]>(
    (soFar, label) => {
      const values: readonly string[] = label === "destination" ? known.labels : (LABELS[label] ?? []);
      return soFar.flatMap((some) => values.map((value) => [...some, value]));
    },
    [[]],
  );
}

/** Sums by label values, for every possible combination. */
function summed(
  labels: readonly LabelName[],
  known: KnownDestinations,
  rows: Iterable<{ labels: readonly string[]; value: number }>,
  add = (one: number, other: number) => one + other,
): Sample[] {
  const sums = new Map(combinations(labels, known).map((values) => [JSON.stringify(values), 0]));
  for (const { labels: values, value } of rows) {
    const key = JSON.stringify(values);
    sums.set(key, add(sums.get(key) ?? 0, value));
  }
  return [...sums].map(([key, value]) => ({ labels: JSON.parse(key) as string[], value }));
}

function countersOf(metric: MetricOfType<"counter">): (source: Source) => Sample[] {
  const { labels } = METRICS[metric];
  return ({ counts, known }) => {
    const rows = counts.filter((row) => row.metric === metric);
    const labelsOf = ({ destination, label }: { destination: string; label: string }) =>
      labels.map((name) => (name === "destination" ? known.labelOf(destination) : label));
    return summed(
      labels,
      known,
      rows.map((row) => ({ labels: labelsOf(row), value: row.value })),
    );
  };
}

function histogramsOf(metric: MetricOfType<"histogram">): (source: Source) => Sample[] {
  const empty = () => new Array<number>(LATENCY_BOUNDS.length + 1).fill(0);
  return ({ counts, known }) => {
    const sums = new Map(known.labels.map((name) => [name, { value: 0, buckets: empty() }]));
    for (const row of counts) {
      const sum = row.metric === metric ? sums.get(known.labelOf(row.destination)) : undefined;
      if (sum === undefined) continue;
      sum.value += row.value;
      sum.buckets = sum.buckets.map((count, index) => count + (row.buckets?.[index] ?? 0));
    }
    return [...sums].map(([name, sum]) => ({ labels: [name], ...sum }));
  };
}

function gaugesOf(metric: Reading["gauges"][number]["gauge"]): (source: Source) => Sample[] {
  return ({ gauges, known }) =>
    perDestination(
      known,
      gauges.filter(({ gauge }) => gauge === metric),
      ({ value }) => value,
    );
}

function perDestination<Row extends { destination: string }>(
  known: KnownDestinations,
  rows: readonly Row[],
  read: (row: Row) => number,
  add?: (one: number, other: number) => number,
): Sample[] {
  return summed(
    ["destination"],
    known,
    rows.map((row) => ({ labels: [known.labelOf(row.destination)], value: read(row) })),
    add,
  );
}

/** How many destinations are in each of the states that need an operator. */
function perState(known: KnownDestinations, states: Reading["states"]): Sample[] {
  const unhealthy = states.filter(({ state }) => LABELS.state.some((name) => name === state));
  return summed(
    METRICS.eventhub_destination_state.labels,
    known,
    unhealthy.map(({ destination, state }) => ({ labels: [known.labelOf(destination), state], value: 1 })),
  );
}

/** One sample for each part that runs. A part without a heartbeat has none. */
function perPart(runs: Reading["runs"], read: (run: Reading["runs"][number]) => number | null): Sample[] {
  return RUNNING_PARTS.flatMap((part) => {
    const run = runs.find((row) => row.part === part);
    const value = run === undefined ? null : read(run);
    return value === null ? [] : [{ labels: [part], value }];
  });
}
