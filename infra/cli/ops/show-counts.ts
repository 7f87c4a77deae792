import type { RouteHealth, Stats, Traffic } from "../../../schema/contract/operator.ts";
import { DESTINATION } from "./common-columns.ts";
import type { Column } from "./fit-columns.ts";
import { counts, percent, table } from "./print.ts";

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
