import { AHEAD_SECONDS } from "../../schema/queries/flow/take.ts";
import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS, overlaps, RECORD_MS, standstills } from "./standstills.ts";
import { claimsOf } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/**
 * Checks that no call of a key begins after its pause was answered, until its resume begins. A dispatch that was taken before may still be called: as
 * far ahead as the rate assigns times, and as long as the database's answer takes.
 */
export function checkPaused(
  destination: string,
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  evidence: Evidence,
): Violation[] {
  const histories = Map.groupBy(evidence.transitions, ({ dispatchId }) => dispatchId);
  const keys = new Map(dispatches.map(({ id, flowKey }) => [id, flowKey]));
  const own = evidence.acts.filter((act) => act.destination === destination && act.refused === undefined);
  const troubles = [...standstills(evidence), ...evidence.databaseTrouble];
  return own.flatMap(({ method, key, answeredAt: pausedAt }) => {
    if (method !== "pauseKey" || key === undefined || pausedAt === undefined) return [];
    const resumed = own.filter((act) => act.method === "resumeKey" && act.key === key && act.startedAt >= pausedAt);
    const until = Math.min(...resumed.map(({ startedAt }) => startedAt));
    return calls
      .filter(({ dispatchId }) => keys.get(dispatchId) === key)
      .filter(({ startedAt }) => startedAt > pausedAt + CLOCK_MS && startedAt < until - CLOCK_MS)
      .filter(({ dispatchId, startedAt }) => {
        const claim = claimsOf(histories.get(dispatchId) ?? []).findLast(({ at }) => at <= startedAt);
        if (claim === undefined || claim.at > pausedAt) return true;
        const late = startedAt > claim.at + AHEAD_SECONDS * 1_000 + RECORD_MS;
        return late && !overlaps(troubles, claim.at, startedAt);
      })
      .map(({ dispatchId, startedAt }) =>
        violation(
          "paused",
          `${destination} ${key}: dispatch ${dispatchId} was called ${startedAt - pausedAt} ms after the pause was answered`,
        ),
      );
  });
}
