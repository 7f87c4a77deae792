import type { DestinationState } from "../../../schema/contract/operator.ts";
import { UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { limitText } from "./limit-text.ts";
import { at, percent, short, table } from "./print.ts";

/** What is counted beside `lost`. */
const FAILED = UNHAPPY_STATUSES.filter((status) => status !== "lost");

export const showDestinations = (destinations: DestinationState[]): string =>
  table(
    [
      { head: "destination", least: 20 },
      { head: "state", least: 10 },
      "ongoing",
      { head: "oldest", drop: 2 },
      "hour: success",
      { head: "p50 ms", drop: 1 },
      { head: "p99 ms", drop: 3 },
      { head: "day: success", drop: 4 },
      "failed",
      "lost",
    ],
    destinations.map((d) => [
      d.name,
      stateOf(d),
      d.ongoing,
      d.oldestOngoing,
      percent(d.hour.successRate),
      d.hour.p50Ms,
      d.hour.p99Ms,
      percent(d.day.successRate),
      FAILED.reduce((sum, status) => sum + d.day.statuses[status], 0),
      d.day.statuses.lost,
    ]),
  );

function stateOf({ state, pausedAt, pausedBy, pauseReason, flow, groupLimit: group }: DestinationState): string {
  if (pausedAt !== null) return `paused by ${pausedBy} ${at(pausedAt)}: ${short(pauseReason)}`;
  const parts = [
    state,
    ...(flow?.override ? [`limits by hand: ${limitText(flow.override, flow.overrideUntil)}`] : []),
    ...(group === null ? [] : [`groups of ${group.size} since ${at(group.since)}: ${short(group.by)}`]),
  ];
  return parts.join("; ");
}
