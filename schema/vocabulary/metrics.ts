/**
 * Every metric of the hub, in one table. The text of `GET /metrics`, the push over OTLP, the page of the documentation, the dashboard and the alert
 * rules derive from it.
 */

import { CHECK_NAMES } from "./checks.ts";
import { UNHEALTHY_STATES } from "./destination-states.ts";
import { RUNNING_PARTS } from "./heartbeats.ts";
import { EXECUTION_RESULTS, FINAL_STATUSES, OPERATION_ACTIONS } from "./statuses.ts";

/** A family of metrics, in the sense of OpenMetrics. */
interface MetricEntry {
  /** A `counter` only rises; a `gauge` is a current value; a `histogram` counts by upper bounds, {@link LATENCY_BOUNDS}. */
  readonly type: "counter" | "gauge" | "histogram" | "info";
  readonly unit?: "seconds";
  /** The labels of its samples, in this order. */
  readonly labels: readonly LabelName[];
  /** For people, and for the family's HELP: one sentence without its full stop. */
  readonly what: string;
}

/** All labels, each with its values. The values of `destination` are the names of the destinations. */
export const LABELS = {
  destination: undefined,
  status: FINAL_STATUSES,
  result: EXECUTION_RESULTS,
  action: OPERATION_ACTIONS,
  part: RUNNING_PARTS,
  check: CHECK_NAMES,
  state: UNHEALTHY_STATES,
  version: undefined,
  migration: undefined,
} as const satisfies Readonly<Record<string, readonly string[] | undefined>>;

/** The name of a label. */
export type LabelName = keyof typeof LABELS;

/** The most destinations with samples of their own. Those of all others are summed up under {@link OTHER}. */
export const MAX_METRIC_DESTINATIONS = 100;

/** The destination of the summed samples. */
export const OTHER = "_other";

/** The upper bounds of the histograms, in seconds, and one more without a bound. To change them, delete all stored counts in a migration. */
export const LATENCY_BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400] as const;

/** The counters are this many seconds behind, so that they include what commits late. */
export const COUNTERS_LAG_SECONDS = 60;

/** How many hours the counters catch up if nobody has read them. What came earlier is not counted. */
export const COUNTERS_CATCH_UP_HOURS = 24;

/** For how many seconds an answer is cached. */
export const METRICS_CACHE_SECONDS = 15;

const byDestination = ["destination"] as const;

/** By name. */
export const METRICS = {
  eventhub_events_emitted: { type: "counter", labels: [], what: "Events stored" },
  eventhub_events_invalid: {
    type: "counter",
    labels: [],
    what: "Events stored that do not match the definition of their kind",
  },
  eventhub_results: {
    type: "counter",
    labels: ["destination", "status"],
    what: "Dispatches that reached a final status",
  },
  eventhub_attempts: {
    type: "counter",
    labels: ["destination", "result"],
    what: "Attempts to deliver, by result",
  },
  eventhub_emit_to_result_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: byDestination,
    what: "Time from the creation of a dispatch (usually the emit) to its result, delays and retries included",
  },
  eventhub_due_to_result_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: byDestination,
    what: "Time from the moment the last attempt was due to its result",
  },
  eventhub_operations: { type: "counter", labels: ["action"], what: "Actions of operators and breakers" },
  eventhub_ongoing: { type: "gauge", labels: byDestination, what: "Dispatches without a result yet" },
  eventhub_overdue: {
    type: "gauge",
    labels: byDestination,
    what: "Dispatches more than a minute late on which nobody works, up to 20000 in all",
  },
  eventhub_oldest_overdue_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: byDestination,
    what: "How long the oldest overdue dispatch has been due; 0 if none is overdue",
  },
  eventhub_flow_waiting: {
    type: "gauge",
    labels: byDestination,
    what: "Dispatches that wait for limits or for their order",
  },
  eventhub_held_keys: {
    type: "gauge",
    labels: byDestination,
    what: "Keys of an order that a dispatch which failed for good holds, until somebody retries or releases it",
  },
  eventhub_paused: { type: "gauge", labels: byDestination, what: "1 while the destination is paused, else 0" },
  eventhub_destination_state: {
    type: "gauge",
    labels: ["destination", "state"],
    what: "1 while the destination is in this state by the rules of `health`, else 0; under _other how many are",
  },
  eventhub_destination_alert: {
    type: "gauge",
    labels: ["destination", "state"],
    what: "1 while the destination is in this state by enough results for an alert: `leastResults` if it is configured, or 20; else 0",
  },
  eventhub_lost: {
    type: "gauge",
    labels: byDestination,
    what: "Dispatches given up as lost that nobody has retried, up to 1000 in all",
  },
  eventhub_operations_running: { type: "gauge", labels: [], what: "Bulk work in progress" },
  eventhub_run_age_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["part"],
    what: "Time since the last run of the hub (tick) and of the executor (reconcile) began",
  },
  eventhub_run_late_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["part"],
    what: "How long the next run of the hub and of the executor has been due; if the database may sleep, since the first event after the last run; no sample if the time of the next run is unknown",
  },
  eventhub_run_duration_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["part"],
    what: "How long the last finished run of the hub and of the executor took",
  },
  eventhub_fault: { type: "gauge", labels: ["check"], what: "1 while a check of the deployment finds a fault, else 0" },
  eventhub_destinations: { type: "gauge", labels: [], what: "Known destinations, including those under _other" },
  eventhub_counted_age_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    what: "Age of the moment up to which the counters count",
  },
  eventhub_build: { type: "info", labels: ["version", "migration"], what: "The version of the Worker that answers" },
} as const satisfies Readonly<Record<string, MetricEntry>>;

/** The name of a family. */
export type MetricName = keyof typeof METRICS;

/** The families of the given types. */
export type MetricOfType<Type extends MetricEntry["type"]> = {
  [Name in MetricName]: (typeof METRICS)[Name]["type"] extends Type ? Name : never;
}[MetricName];

/** The families whose counts Postgres stores. */
export type CountedMetric = MetricOfType<"counter" | "histogram">;

/** Their names. */
export const COUNTED_METRICS = (Object.keys(METRICS) as MetricName[]).filter((name): name is CountedMetric =>
  ["counter", "histogram"].includes(METRICS[name].type),
) as unknown as readonly [CountedMetric, ...CountedMetric[]];
