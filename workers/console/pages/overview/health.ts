import type { Operation, PausedDestination, Problems } from "../../../../schema/contract/operator.ts";
import type { Alert } from "../../components/alert.ts";

/** What the hub has answered; what could not be asked is left out. */
export interface HubAnswers {
  problems: Problems | undefined;
  destinations: readonly PausedDestination[] | undefined;
  operations: readonly Operation[] | undefined;
}

/** A failure is news for an hour; later it is work that is left. */
const RECENT_MS = 3_600_000;

/** What needs an operator, what is worst first: what was forgotten in the deployment, nobody at work, failing now, held by a pause, and what is left of earlier. */
export function alertsOf({ problems, destinations, operations }: HubAnswers, now: Date): Alert[] {
  const most = [...(problems?.failures ?? [])].sort((one, other) => other.dispatches - one.dispatches);
  const failures = most.map(
    (group): Alert => ({
      kind: "failures",
      tone: now.getTime() - group.last.getTime() < RECENT_MS ? "bad" : "warn",
      group,
    }),
  );
  return [
    ...(problems?.setup ?? []).map((fault): Alert => ({ kind: "setup", tone: "bad", fault })),
    ...(problems?.overdue ?? []).map((group): Alert => ({ kind: "overdue", tone: "bad", group })),
    ...failures.filter(({ tone }) => tone === "bad"),
    ...(destinations ?? [])
      .filter(({ pausedAt }) => pausedAt !== null)
      .map((destination): Alert => ({ kind: "paused", tone: "warn", destination })),
    ...failures.filter(({ tone }) => tone === "warn"),
    ...(destinations ?? [])
      .filter(({ draining, pausedAt }) => draining && pausedAt === null)
      .map((destination): Alert => ({ kind: "draining", tone: "info", destination })),
    ...(operations ?? [])
      .filter(({ state }) => state === "running")
      .map((operation): Alert => ({ kind: "running", tone: "info", operation })),
  ];
}

/** How the hub does: good if nothing needs an operator, unknown if the hub has not said so. */
export type Health = { tone: "good" | "warn" | "bad"; alert: Alert | undefined; others: number } | { tone: "unknown" };

/** The worst alert, and how many more there are. */
export function healthOf(answers: HubAnswers, alerts: readonly Alert[]): Health {
  if (answers.problems === undefined) return { tone: "unknown" };
  const serious = alerts.filter(({ tone }) => tone !== "info");
  const [worst] = serious;
  if (worst === undefined) return { tone: "good", alert: undefined, others: 0 };
  return { tone: worst.tone === "bad" ? "bad" : "warn", alert: worst, others: serious.length - 1 };
}
