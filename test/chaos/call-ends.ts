import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS } from "./standstills.ts";

/** Returns a function that tells when a call was no longer in flight. A call that timed out is not, although its consumer may go on. */
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
