import type { Operation } from "../../../schema/contract/operations.ts";
import type { PausedDestination } from "../../../schema/contract/operator.ts";
import type { FailureGroup, Problems, RetryingGroup, SetupFault } from "../../../schema/contract/problems.ts";

/** One thing that needs an operator. */
export type Alert =
  | { kind: "setup"; tone: "bad"; fault: SetupFault }
  | { kind: "failures"; tone: "bad" | "warn"; group: FailureGroup }
  | { kind: "retrying"; tone: "warn" | "info"; group: RetryingGroup }
  | { kind: "overdue"; tone: "bad"; group: Problems["overdue"][number] }
  | { kind: "paused"; tone: "warn"; destination: PausedDestination }
  | { kind: "draining"; tone: "info"; destination: PausedDestination }
  | { kind: "running"; tone: "info"; operation: Operation };

const MINUTE_MS = 60_000;

/** A moment in the format of a form's field, in UTC. */
const field = (ms: number) => new Date(ms).toISOString().slice(0, 16);

/**
 * The search for the dispatches of an incident, from its first minute to its last. If its reasons differ in numbers, it uses the longest part without
 * numbers.
 */
export function failureSearch({ destination, status, reason, reasons, first, last }: FailureGroup) {
  return {
    status: [status],
    destination,
    reason: reasonPart(reason ?? "", reasons),
    retried: "no",
    of: "finished",
    from: field(first.getTime()),
    to: field(last.getTime() + MINUTE_MS),
  };
}

/** The search for the dispatches that are being retried in the same way. */
export const retryingSearch = ({ destination, reason, reasons }: RetryingGroup) => ({
  status: ["ongoing"],
  destination,
  reason: reasonPart(reason, reasons),
});

/** What a filter looks for in reasons: the reason of a group, or, if it has several, the longest part that all of them have. */
const reasonPart = (reason: string, reasons: number): string =>
  (reasons === 1 ? reason : longestCommon(reason)).slice(0, 200);

function longestCommon(reason: string): string {
  const parts = reason.slice(0, 200).split(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+/);
  return parts.reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), "");
}
