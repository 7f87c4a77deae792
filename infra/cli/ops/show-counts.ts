import type { RouteHealth, Stats, Traffic } from "../../../schema/contract/operator.ts";
import type { FailureGroup, Problems } from "../../../schema/contract/problems.ts";
import { type Column, DESTINATION } from "./columns.ts";
import { at, counts, percent, short, status, table } from "./print.ts";

const CAUSES: readonly Column[] = [
  DESTINATION,
  { head: "status" },
  { head: "dispatches" },
  { head: "goes on", below: true },
  { head: "first", drop: 1 },
  { head: "the last one", below: true },
  { head: "its reason", below: true },
];

const RETRYING: readonly Column[] = [
  DESTINATION,
  { head: "retrying" },
  { head: "since" },
  { head: "next attempt" },
  { head: "one of the oldest", below: true },
  { head: "its reason", below: true },
];

export function showStats({ resulted, ongoing }: Stats): string {
  const groups = Map.groupBy(resulted, (row) => `${row.at.toISOString()} ${row.destination}`);
  const rows = [...groups.values()].map((group) => [
    group[0]?.at,
    group[0]?.destination,
    counts(group.map((row) => [row.status, row.dispatches])),
  ]);
  const waiting = ongoing.map((row) => [row.destination, row.dispatches, row.oldest]);
  return `${table(["from", DESTINATION, { head: "results", least: 20 }], rows)}\n${table([DESTINATION, "ongoing", "oldest"], waiting)}`;
}

export function showProblems({ since, setup, failures, failed, retrying, overdue, exact }: Problems): string {
  const shown = failures.reduce((sum, { dispatches }) => sum + dispatches, 0);
  const causes = failures.map((f) => [
    f.destination,
    status(f.status),
    f.dispatches,
    incidentState(f),
    f.first,
    f.example,
    short(f.reason, 200),
  ]);
  const again = retrying.map((r) => [
    r.destination,
    r.exact ? r.dispatches : `${r.dispatches} or more`,
    r.exact || r.since === null ? r.since : `${at(r.since)} or earlier`,
    r.nextAttemptAt ?? "now",
    r.example,
    short(r.reason, 200),
  ]);
  const late = overdue.map((o) => [o.destination, o.dispatches, o.oldest, o.example]);
  const notes = failures.flatMap((f) =>
    f.notes.map(
      (note) => `note on ${short(f.destination)}, ${short(note.actor)} ${at(note.at)}: ${short(note.text, 1_000)}`,
    ),
  );
  return [
    ...setup.map((fault) => `since ${at(fault.since)} at least: ${fault.what}; ${fault.todo}`),
    ...(causes.length === 0 ? [] : [table(CAUSES, causes)]),
    ...notes,
    `${failed} not retried since ${since.toISOString()}${shown < failed ? `; ${failed - shown} in incidents that are not shown, which are smaller or older` : ""}`,
    ...(again.length === 0 ? [] : [table(RETRYING, again)]),
    late.length === 0
      ? "nothing is overdue"
      : table([DESTINATION, "overdue", "since", { head: "the oldest", below: true }], late),
    ...(exact ? [] : ["not everything was looked at: these are the newest failures and the oldest overdue"]),
  ].join("\n");
}

/** Whether an incident continues, or when its last failure was. */
function incidentState({ state, last }: FailureGroup): string {
  switch (state) {
    case "failing":
      return "still failing";
    case "stopped":
      return `stopped at ${at(last)}`;
    case "quiet":
      return `last at ${at(last)}, nothing delivered since`;
  }
}

/** How each route did; `~` marks numbers from a sample. */
export const showRouteHealth = (routes: RouteHealth[]): string =>
  table(
    [
      { head: "route", least: 12 },
      DESTINATION,
      "results",
      "success",
      { head: "p50 ms", drop: 1 },
      { head: "p95 ms", drop: 2 },
      "p99 ms",
    ],
    routes.map(({ route, destination, results, exact, successRate, p50Ms, p95Ms, p99Ms }) => [
      route,
      destination,
      exact ? results : `~${results}`,
      percent(successRate),
      p50Ms,
      p95Ms,
      p99Ms,
    ]),
  );

/** Events, results and latency by time. The last bucket usually is not over yet, so a small number there is no drop. */
export function showTraffic(
  { emitted, resulted, latency, estimated, bucketSeconds }: Traffic,
  now: Date = new Date(),
): string {
  const results = new Map(resulted.map((row) => [row.at.getTime(), row]));
  const sampled = new Map(latency.map((row) => [row.at.getTime(), row]));
  const rows = emitted.map(({ at, events }) => {
    const [came, took] = [results.get(at.getTime()), sampled.get(at.getTime())];
    return [at, events, came?.delivered, came?.failed, took?.sampled, took?.p50Ms, took?.p95Ms, took?.p99Ms];
  });
  const last = emitted.at(-1)?.at;
  const goesOn = last !== undefined && last.getTime() + bucketSeconds * 1_000 > now.getTime();
  return [
    table(TRAFFIC, rows),
    ...(goesOn ? ["the last time is not over yet"] : []),
    ...(estimated ? ["of more than are looked at: events, delivered and failed are what a sample says"] : []),
  ].join("\n");
}

const TRAFFIC: readonly Column[] = [
  { head: "from" },
  { head: "events" },
  { head: "delivered" },
  { head: "failed" },
  { head: "sampled", drop: 1 },
  { head: "p50 ms", drop: 3 },
  { head: "p95 ms", drop: 2 },
  { head: "p99 ms" },
];
