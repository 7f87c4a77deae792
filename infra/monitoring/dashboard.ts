import { DELIVERED_STATUSES, UNHAPPY_STATUSES } from "../../schema/vocabulary/statuses.ts";
import { bucketRate, gauge, increase, rate } from "./promql.ts";

/** A panel of the dashboard. */
interface PanelEntry {
  title: string;
  /** For people: what the panel shows. */
  what: string;
  kind: "stat" | "timeseries";
  /** Grafana's name of the unit. */
  unit: "short" | "s" | "percentunit" | "ops";
  /** The number of columns, of 24, and of rows. */
  size: readonly [width: number, height: number];
  queries: readonly { expr: string; legend: string }[];
  /** The value from which on a figure is red. */
  red?: number;
}

const OVER = "$__rate_interval";
const chosen = { destination: { variable: "destination" } } as const;
const one = (expr: string, legend = "") => [{ expr, legend }];

const quantiles = (name: "eventhub_due_to_result_seconds" | "eventhub_emit_to_result_seconds") =>
  ([0.5, 0.95, 0.99] as const).map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (${bucketRate(name, OVER, chosen)}))`,
    legend: `p${quantile * 100}`,
  }));

const delivered = `sum(${increase("eventhub_results", "1h", { ...chosen, status: DELIVERED_STATUSES })})`;
const ended = `sum(${increase("eventhub_results", "1h", { ...chosen, status: [...DELIVERED_STATUSES, ...UNHAPPY_STATUSES] })})`;

/** Every panel, from left to right and from top to bottom. */
export const PANELS: readonly PanelEntry[] = [
  {
    title: "Faults",
    what: "Checks of the deployment that find something: ops doctor says what to do.",
    kind: "stat",
    unit: "short",
    size: [4, 4],
    queries: one(`sum(${gauge("eventhub_fault")})`),
    red: 1,
  },
  {
    title: "Lost",
    what: "Given up as lost, and not retried.",
    kind: "stat",
    unit: "short",
    size: [4, 4],
    queries: one(`sum(${gauge("eventhub_lost", chosen)})`),
    red: 1,
  },
  {
    title: "Overdue",
    what: "A minute beyond their time with nobody at work on them.",
    kind: "stat",
    unit: "short",
    size: [4, 4],
    queries: one(`sum(${gauge("eventhub_overdue", chosen)})`),
    red: 1,
  },
  {
    title: "Oldest overdue",
    what: "How long the oldest of these has been due.",
    kind: "stat",
    unit: "s",
    size: [4, 4],
    queries: one(`max(${gauge("eventhub_oldest_overdue_seconds", chosen)})`),
    red: 300,
  },
  {
    title: "Paused destinations",
    what: "Their dispatches wait.",
    kind: "stat",
    unit: "short",
    size: [4, 4],
    queries: one(`sum(${gauge("eventhub_paused", chosen)})`),
    red: 1,
  },
  {
    title: "Delivered, last hour",
    what: "Complete and ignored, of all that ended without an operator.",
    kind: "stat",
    unit: "percentunit",
    size: [4, 4],
    queries: one(`${delivered} / ${ended}`),
  },
  {
    title: "Events emitted",
    what: "Events stored a second, and those that are not as their kind is defined.",
    kind: "timeseries",
    unit: "ops",
    size: [12, 8],
    queries: [
      { expr: `sum(${rate("eventhub_events_emitted", OVER)})`, legend: "emitted" },
      { expr: `sum(${rate("eventhub_events_invalid", OVER)})`, legend: "invalid" },
    ],
  },
  {
    title: "Results",
    what: "Dispatches that reached a final status, a second.",
    kind: "timeseries",
    unit: "ops",
    size: [12, 8],
    queries: one(`sum by (status) (${rate("eventhub_results", OVER, chosen)})`, "{{status}}"),
  },
  {
    title: "From due to result",
    what: "From the moment at which the last attempt was due: how fast the hub and the destination are.",
    kind: "timeseries",
    unit: "s",
    size: [12, 8],
    queries: quantiles("eventhub_due_to_result_seconds"),
  },
  {
    title: "From emit to result",
    what: "With delays that were asked for, and with retries.",
    kind: "timeseries",
    unit: "s",
    size: [12, 8],
    queries: quantiles("eventhub_emit_to_result_seconds"),
  },
  {
    title: "Attempts",
    what: "Calls of destinations a second, by what they gave.",
    kind: "timeseries",
    unit: "ops",
    size: [12, 8],
    queries: one(`sum by (result) (${rate("eventhub_attempts", OVER, chosen)})`, "{{result}}"),
  },
  {
    title: "Failing destinations",
    what: "Dispatches that ended without success in an hour, by destination.",
    kind: "timeseries",
    unit: "short",
    size: [12, 8],
    queries: one(
      `sum by (destination) (${increase("eventhub_results", "1h", { ...chosen, status: UNHAPPY_STATUSES })})`,
      "{{destination}}",
    ),
  },
  {
    title: "Ongoing",
    what: "Dispatches without a result yet.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: one(`sum by (destination) (${gauge("eventhub_ongoing", chosen)})`, "{{destination}}"),
  },
  {
    title: "Waiting for limits or order",
    what: "Of the ongoing ones, of destinations that have limits or an order.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: one(`sum by (destination) (${gauge("eventhub_flow_waiting", chosen)})`, "{{destination}}"),
  },
  {
    title: "Held keys",
    what: "Keys of an order that a failure holds: what comes after it waits for an operator.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: one(`sum by (destination) (${gauge("eventhub_held_keys", chosen)})`, "{{destination}}"),
  },
  {
    title: "Runs of hub and executor",
    what: "Time since the last run began, and how long one takes.",
    kind: "timeseries",
    unit: "s",
    size: [8, 8],
    queries: [
      { expr: `max by (part) (${gauge("eventhub_run_age_seconds")})`, legend: "{{part}}: since the last run" },
      { expr: `max by (part) (${gauge("eventhub_run_duration_seconds")})`, legend: "{{part}}: took" },
    ],
  },
  {
    title: "Checks",
    what: "1 while a check finds a fault.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: one(`max by (check) (${gauge("eventhub_fault")}) > 0`, "{{check}}"),
  },
  {
    title: "Failing and degraded",
    what: "1 while a destination is in this state, by the rules of health.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: one(
      `max by (destination, state) (${gauge("eventhub_destination_state", chosen)}) > 0`,
      "{{destination}} {{state}}",
    ),
  },
  {
    title: "Operators",
    what: "What operators and breakers did in an hour, and bulk work that is going on.",
    kind: "timeseries",
    unit: "short",
    size: [8, 8],
    queries: [
      { expr: `sum by (action) (${increase("eventhub_operations", "1h")}) > 0`, legend: "{{action}}" },
      { expr: `sum(${gauge("eventhub_operations_running")})`, legend: "running" },
    ],
  },
];

const DATASOURCE = { type: "prometheus", uid: "$datasource" };
const COLUMNS = 24;

/** The dashboard in the form that Grafana imports. */
export function dashboard(): object {
  let [x, y, height] = [0, 0, 0];
  const panels = PANELS.map((panel, index) => {
    const [w, h] = panel.size;
    if (x + w > COLUMNS) [x, y, height] = [0, y + height, 0];
    const gridPos = { x, y, w, h };
    [x, height] = [x + w, Math.max(height, h)];
    return toPanel(panel, index + 1, gridPos);
  });
  return {
    title: "cf-eventhub",
    uid: "cf-eventhub",
    tags: ["cf-eventhub"],
    schemaVersion: 39,
    timezone: "browser",
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: {
      list: [
        { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" },
        {
          name: "destination",
          label: "Destination",
          type: "query",
          datasource: DATASOURCE,
          query: { query: `label_values(${gauge("eventhub_paused")}, destination)`, refId: "destination" },
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels,
  };
}

function toPanel({ title, what, kind, unit, queries, red }: PanelEntry, id: number, gridPos: object): object {
  const steps = [{ color: "green", value: null }, ...(red === undefined ? [] : [{ color: "red", value: red }])];
  return {
    id,
    title,
    description: what,
    type: kind,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: "absolute", steps } }, overrides: [] },
    options: kind === "stat" ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "background" } : {},
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}
