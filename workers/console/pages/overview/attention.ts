import type { Operation } from "../../../../schema/contract/operations.ts";
import type { PausedDestination } from "../../../../schema/contract/operator.ts";
import type { FailureGroup, Problems, RetryingGroup } from "../../../../schema/contract/problems.ts";
import type { Alert } from "../../components/alert-search.ts";

/** The hub's answers. A failed call leaves its member undefined. */
export interface HubAnswers {
  problems: Problems | undefined;
  destinations: readonly PausedDestination[] | undefined;
  operations: readonly Operation[] | undefined;
}

/** If nobody can know whether a failure goes on, it is news for an hour. Later it is remaining work. */
const RECENT_MS = 3_600_000;

/** Present failures are worse than remaining work. */
const toneOf = ({ state, last }: FailureGroup, now: Date) =>
  state === "failing" || (state === "quiet" && now.getTime() - last.getTime() < RECENT_MS) ? "bad" : "warn";

/** Incidents as alerts, in their order. */
export const incidentAlerts = (groups: readonly FailureGroup[], now: Date): Alert[] =>
  groups.map((group) => ({ kind: "failures", tone: toneOf(group, now), group }));

/** Failures retried for less than this, in milliseconds, are usually settled by their retries. */
const SETTLES_MS = 60_000;

/** Dispatches that are being retried as alerts, in the hub's own order. */
export const retryingAlerts = (groups: readonly RetryingGroup[], now: Date): Alert[] =>
  groups.map((group) => {
    const lasts = group.since !== null && now.getTime() - group.since.getTime() >= SETTLES_MS;
    return { kind: "retrying", tone: lasts ? "warn" : "info", group };
  });

/**
 * Everything that needs an operator, the most harmful first: faults of the deployment, overdue dispatches, incidents in the hub's own order, failures
 * that are being retried, then what pauses hold, and what is merely in progress.
 */
export function alertsOf({ problems, destinations, operations }: HubAnswers, now: Date): Alert[] {
  return [
    ...(problems?.setup ?? []).map((fault): Alert => ({ kind: "setup", tone: "bad", fault })),
    ...(problems?.overdue ?? []).map((group): Alert => ({ kind: "overdue", tone: "bad", group })),
    ...incidentAlerts(problems?.failures ?? [], now),
    ...retryingAlerts(problems?.retrying ?? [], now),
    ...(destinations ?? [])
      .filter(({ pausedAt }) => pausedAt !== null)
      .map((destination): Alert => ({ kind: "paused", tone: "warn", destination })),
    ...(destinations ?? [])
      .filter(({ draining, pausedAt }) => draining && pausedAt === null)
      .map((destination): Alert => ({ kind: "draining", tone: "info", destination })),
    ...(operations ?? [])
      .filter(({ state }) => state === "running")
      .map((operation): Alert => ({ kind: "running", tone: "info", operation })),
  ];
}

/** The health of the hub: good if nothing needs an operator, unknown if the hub has not answered. */
export type Health = { tone: "good" | "warn" | "bad"; alert: Alert | undefined; others: number } | { tone: "unknown" };

/** The worst alert, and the number of others. */
export function healthOf(answers: HubAnswers, alerts: readonly Alert[]): Health {
  if (answers.problems === undefined) return { tone: "unknown" };
  const serious = alerts.filter(({ tone }) => tone !== "info");
  const [worst] = serious;
  if (worst === undefined) return { tone: "good", alert: undefined, others: 0 };
  return {
    tone: serious.some(({ tone }) => tone === "bad") ? "bad" : "warn",
    alert: worst,
    others: serious.length - 1,
  };
}
