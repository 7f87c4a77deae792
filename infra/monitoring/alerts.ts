import { CHECK_NAMES, CHECKS, type CheckName } from "../../schema/vocabulary/checks.ts";
import { gauge, increase, info } from "./promql.ts";

/** An alert rule of Prometheus. */
export interface AlertRule {
  alert: string;
  expr: string;
  /** How long the condition must hold, such as `5m`. */
  for: string;
  severity: "critical" | "warning";
  summary: string;
  /** What to do. */
  description: string;
}

/** The checks with a rule of their own. */
const OWN_RULE: readonly CheckName[] = ["overdue", "lost"];

const checksThat = (stop: boolean) =>
  CHECK_NAMES.filter((check) => CHECKS[check].stops === stop && !OWN_RULE.includes(check));

const inState = (state: "failing" | "degraded") =>
  `max by (destination) (${gauge("eventhub_destination_alert", { state })}) > 0`;

/** Every alert rule; alerts.yml is generated from them. */
export const ALERTS: readonly AlertRule[] = [
  {
    alert: "EventhubCannotDeliver",
    expr: `max by (check) (${gauge("eventhub_fault", { check: checksThat(true) })}) > 0`,
    for: "2m",
    severity: "critical",
    summary: "The hub cannot deliver: {{ $labels.check }}",
    description: "npx cf-eventhub-workflows ops doctor says what is wrong and what to do.",
  },
  {
    alert: "EventhubMetricsMissing",
    expr: `absent(${info("eventhub_build")})`,
    for: "5m",
    severity: "critical",
    summary: "The state of the hub is unknown: the metrics Worker or its database does not answer",
    description: "GET /health of the metrics Worker says which.",
  },
  {
    alert: "EventhubRunLate",
    expr: `max by (part) (${gauge("eventhub_run_late_seconds")}) > 180`,
    for: "2m",
    severity: "critical",
    summary: "The next run of the {{ $labels.part }} has been due for {{ $value | humanizeDuration }}",
    description:
      "Look at the Worker's log, its binding EVENTHUB_ALARM and its cron trigger, and at the hub's log for alarm.unanswered and alarm.unreachable. With an irregular cron expression this alert cannot fire; EventhubCannotDeliver fires later instead.",
  },
  {
    alert: "EventhubOverdue",
    expr: `sum by (destination) (${gauge("eventhub_overdue")}) > 0`,
    for: "5m",
    severity: "critical",
    summary: "{{ $value }} dispatches to {{ $labels.destination }} are overdue, and nobody works on them",
    description: "Look at the executor's log; npx cf-eventhub-workflows ops problems names the oldest.",
  },
  {
    alert: "EventhubLost",
    expr: `sum by (destination) (${gauge("eventhub_lost")}) > 0`,
    for: "0m",
    severity: "critical",
    summary: "{{ $value }} dispatches to {{ $labels.destination }} were given up as lost",
    description:
      "Find out what happened to their Workflow instances, then retry them: npx cf-eventhub-workflows ops retry --status lost.",
  },
  {
    alert: "EventhubDestinationFailing",
    expr: inState("failing"),
    for: "5m",
    severity: "warning",
    summary: "{{ $labels.destination }} is failing: most of what ended lately was not delivered",
    description:
      "npx cf-eventhub-workflows ops problems says why, by cause; health of the route configuration says when a destination is failing.",
  },
  {
    alert: "EventhubDestinationDegraded",
    expr: inState("degraded"),
    for: "15m",
    severity: "warning",
    summary: "{{ $labels.destination }} is degraded: a part of what ended lately was not delivered",
    description:
      "npx cf-eventhub-workflows ops problems says why, by cause; health of the route configuration says when a destination is degraded.",
  },
  {
    alert: "EventhubDestinationPaused",
    expr: `max by (destination) (${gauge("eventhub_paused")}) > 0`,
    for: "30m",
    severity: "warning",
    summary: "{{ $labels.destination }} has been paused for half an hour",
    description: "Its dispatches wait until somebody, or its breaker, resumes it.",
  },
  {
    alert: "EventhubKeysHeld",
    expr: `sum by (destination) (${gauge("eventhub_held_keys")}) > 0`,
    for: "5m",
    severity: "warning",
    summary:
      "{{ $value }} keys of {{ $labels.destination }} are held: a dispatch failed, and what comes after it waits",
    description:
      "npx cf-eventhub-workflows ops flow --of order --held says which and by what dispatch, and ops show why that one failed; retry it, or let the others go on with ops release.",
  },
  {
    alert: "EventhubInvalidEvents",
    expr: `${increase("eventhub_events_invalid", "15m")} > 0`,
    for: "0m",
    severity: "warning",
    summary: "Events do not match the definition of their kind",
    description: "npx cf-eventhub-workflows ops events --invalid lists them with their faults.",
  },
  {
    alert: "EventhubNeedsCare",
    expr: `max by (check) (${gauge("eventhub_fault", { check: checksThat(false) })}) > 0`,
    for: "15m",
    severity: "warning",
    summary: "Something of the deployment needs attention: {{ $labels.check }}",
    description: "npx cf-eventhub-workflows ops doctor says what, and what to do.",
  },
  {
    alert: "EventhubCountersBehind",
    expr: `${gauge("eventhub_counted_age_seconds")} > 600`,
    for: "10m",
    severity: "warning",
    summary: "The hub's counters are {{ $value | humanizeDuration }} behind",
    description: "They catch up as long as something asks for them; the metrics Worker's log says why they do not.",
  },
];

/** The rules as a file for Prometheus: YAML with texts quoted as in JSON, which YAML accepts. */
export function alertsFile(): string {
  const rules = ALERTS.flatMap(({ alert, expr, severity, summary, description, ...rule }) => [
    `      - alert: ${alert}`,
    `        expr: ${JSON.stringify(expr)}`,
    `        for: ${rule.for}`,
    "        labels:",
    `          severity: ${severity}`,
    "        annotations:",
    `          summary: ${JSON.stringify(summary)}`,
    `          description: ${JSON.stringify(description)}`,
  ]);
  return [
    "# Made by infra/monitoring/write.ts of infra/monitoring/alerts.ts: npm run monitoring:write.",
    "groups:",
    "  - name: eventhub",
    "    rules:",
    ...rules,
    "",
  ].join("\n");
}
