import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS } from "./standstills.ts";

/** Says when a call was under way no more. One that has timed out is not, whatever it goes on doing. */
export function callEnds(
  dispatches: readonly DispatchRow[],
  { deaths }: Evidence,
): (call: Pick<LoggedCall, "dispatchId" | "startedAt" | "endedAt">) => number {
  const timeouts = new Map(dispatches.map(({ id, timeoutSeconds }) => [id, timeoutSeconds * 1_000]));
  return ({ dispatchId, startedAt, endedAt = Number.POSITIVE_INFINITY }) =>
    Math.min(
      endedAt,
      startedAt + (timeouts.get(dispatchId) ?? 0) - CLOCK_MS,
      ...deaths.flatMap(({ at }) => (at >= startedAt ? [at] : [])),
    );
}
