import type { Problems, Stats, Traffic } from "../../../schema/contract/operator.ts";
import { at, counts, short, status, table } from "./print.ts";

export function showStats({ resulted, ongoing }: Stats): string {
  const groups = Map.groupBy(resulted, (row) => `${row.at.toISOString()} ${row.destination}`);
  const rows = [...groups.values()].map((group) => [
    group[0]?.at,
    group[0]?.destination,
    counts(group.map((row) => [row.status, row.dispatches])),
  ]);
  const waiting = ongoing.map((row) => [row.destination, row.dispatches, row.oldest]);
  return `${table(["from", "destination", "results"], rows)}\n${table(["destination", "ongoing", "oldest"], waiting)}`;
}

export function showProblems({ since, setup, failures, failed, overdue, exact }: Problems): string {
  const shown = failures.reduce((sum, { dispatches }) => sum + dispatches, 0);
  const causes = failures.map((f) => [
    f.destination,
    status(f.status),
    f.dispatches,
    f.first,
    f.last,
    f.example,
    short(f.reason, 80),
  ]);
  const late = overdue.map((o) => [o.destination, o.dispatches, o.oldest, o.example]);
  return [
    ...setup.map((fault) => `since ${at(fault.since)} at least: ${fault.what}; ${fault.todo}`),
    ...(causes.length === 0
      ? []
      : [table(["destination", "status", "dispatches", "first", "last", "the last one", "its reason"], causes)]),
    `${failed} not retried since ${since.toISOString()}${shown < failed ? `; ${failed - shown} of causes that are not shown` : ""}`,
    late.length === 0 ? "nothing is overdue" : table(["destination", "overdue", "since", "the oldest"], late),
    ...(exact ? [] : ["there is more than was looked at: these are the newest failures and the oldest overdue"]),
  ].join("\n");
}

export function showTraffic({ emitted, latency }: Traffic): string {
  const sampled = new Map(latency.map((row) => [row.at.getTime(), row]));
  const rows = emitted.map(({ at, events }) => {
    const took = sampled.get(at.getTime());
    return [at, events, took?.sampled, took?.p50Ms, took?.p95Ms, took?.p99Ms];
  });
  return table(["from", "events", "results sampled", "p50 ms", "p95 ms", "p99 ms"], rows);
}
