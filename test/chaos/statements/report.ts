import { type Findings, INVARIANTS } from "./findings.ts";

/** How often each thing was done. */
export function describeCounts({ counts }: Findings): string {
  const sorted = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([what, n]) => `${String(n).padStart(9)}  ${what}`).join("\n");
}

/** The violations, each with its invariant. */
export function describeViolations({ violations }: Findings): string {
  const lines = violations.map(
    ({ invariant, detail, second }) => `after ${second} s, ${invariant} (${INVARIANTS[invariant]}): ${detail}`,
  );
  return [`${violations.length} violations`, ...lines].join("\n");
}
