import type {
  FailureGroup,
  Operation,
  PausedDestination,
  Problems,
  SetupFault,
} from "../../../schema/contract/operator.ts";

/** One thing that needs an operator. */
export type Alert =
  | { kind: "setup"; tone: "bad"; fault: SetupFault }
  | { kind: "failures"; tone: "bad" | "warn"; group: FailureGroup }
  | { kind: "overdue"; tone: "bad"; group: Problems["overdue"][number] }
  | { kind: "paused"; tone: "warn"; destination: PausedDestination }
  | { kind: "draining"; tone: "info"; destination: PausedDestination }
  | { kind: "running"; tone: "info"; operation: Operation };

/** The search for what a group of failures counts. Reasons that differ in numbers are found by the longest part without any. */
export function failureSearch({ destination, status, reason, reasons }: FailureGroup, period: string) {
  const same = reasons === 1 ? reason : longestCommon(reason ?? "");
  return { status: [status], destination, reason: (same ?? "").slice(0, 200), retried: "no", period, of: "finished" };
}

function longestCommon(reason: string): string {
  const parts = reason.slice(0, 200).split(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+/);
  return parts.reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), "");
}
