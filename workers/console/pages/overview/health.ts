import type { Operation, PausedDestination, Problems } from "../../../../schema/contract/operator.ts";

/** One thing that needs an operator. */
export type Concern =
  | { kind: "failures"; tone: "bad" | "warn"; group: Problems["failures"][number] }
  | { kind: "overdue"; tone: "bad"; group: Problems["overdue"][number] }
  | { kind: "paused"; tone: "warn"; destination: PausedDestination }
  | { kind: "draining"; tone: "info"; destination: PausedDestination }
  | { kind: "running"; tone: "info"; operation: Operation };

/** What is known; what could not be asked is left out. */
export interface Known {
  problems: Problems | undefined;
  destinations: readonly PausedDestination[] | undefined;
  operations: readonly Operation[] | undefined;
}

/** A failure is news for an hour; later it is work that is left. */
const NEWS_MS = 3_600_000;

/** What needs an operator, what is worst first: nobody at work, failing now, held by a pause, and what is left of earlier. */
export function concernsOf({ problems, destinations, operations }: Known, now: Date): Concern[] {
  const most = [...(problems?.failures ?? [])].sort((one, other) => other.dispatches - one.dispatches);
  const failures = most.map(
    (group): Concern => ({
      kind: "failures",
      tone: now.getTime() - group.last.getTime() < NEWS_MS ? "bad" : "warn",
      group,
    }),
  );
  return [
    ...(problems?.overdue ?? []).map((group): Concern => ({ kind: "overdue", tone: "bad", group })),
    ...failures.filter(({ tone }) => tone === "bad"),
    ...(destinations ?? [])
      .filter(({ pausedAt }) => pausedAt !== null)
      .map((destination): Concern => ({ kind: "paused", tone: "warn", destination })),
    ...failures.filter(({ tone }) => tone === "warn"),
    ...(destinations ?? [])
      .filter(({ draining, pausedAt }) => draining && pausedAt === null)
      .map((destination): Concern => ({ kind: "draining", tone: "info", destination })),
    ...(operations ?? [])
      .filter(({ state }) => state === "running")
      .map((operation): Concern => ({ kind: "running", tone: "info", operation })),
  ];
}

/** How it stands. */
export type Verdict =
  | { tone: "good" | "warn" | "bad"; concern: Concern | undefined; others: number }
  | { tone: "unknown" };

/** The verdict: the worst concern, and how many more there are. */
export function verdictOf(known: Known, concerns: readonly Concern[]): Verdict {
  if (known.problems === undefined) return { tone: "unknown" };
  const serious = concerns.filter(({ tone }) => tone !== "info");
  const [worst] = serious;
  if (worst === undefined) return { tone: "good", concern: undefined, others: 0 };
  return { tone: worst.tone === "bad" ? "bad" : "warn", concern: worst, others: serious.length - 1 };
}

/** The search for what a group of failures counts. Reasons that differ in numbers are found by the longest part without any. */
export function failureSearch({ destination, status, reason, reasons }: Problems["failures"][number], period: string) {
  const same = reasons === 1 ? reason : longestCommon(reason ?? "");
  return { status: [status], destination, reason: (same ?? "").slice(0, 200), retried: "no", period, of: "finished" };
}

function longestCommon(reason: string): string {
  const parts = reason.slice(0, 200).split(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+/);
  return parts.reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), "");
}
