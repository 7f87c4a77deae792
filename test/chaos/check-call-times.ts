import { FLUSH_INTERVAL_MS } from "../../schema/vocabulary/limits.ts";
import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence, ExecutionRow } from "./evidence.ts";
import { CLOCK_MS, overlaps, RECORD_MS, standstills } from "./standstills.ts";
import { claimsOf, type Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** Checks when each call was made: not twice, not too early, and not after the end. */
export function checkCallTimes(evidence: Evidence): Violation[] {
  const calls = Map.groupBy(evidence.calls, ({ dispatchId }) => dispatchId);
  const executions = Map.groupBy(evidence.executions, ({ dispatchId }) => dispatchId);
  const transitions = Map.groupBy(evidence.transitions, ({ dispatchId }) => dispatchId);
  return evidence.dispatches.flatMap((dispatch) => {
    const own = (calls.get(dispatch.id) ?? []).toSorted((a, b) => a.startedAt - b.startedAt);
    const history = transitions.get(dispatch.id) ?? [];
    const recorded = executions.get(dispatch.id) ?? [];
    return [
      ...checkDuplicates(dispatch, own, evidence),
      ...checkEarly(own, history),
      ...checkAsked(own, recorded),
      ...checkEnded(own, history, recorded, evidence),
    ];
  });
}

function checkDuplicates({ id }: DispatchRow, calls: readonly LoggedCall[], evidence: Evidence): Violation[] {
  return [...Map.groupBy(calls, ({ attempt }) => attempt)].flatMap(([attempt, same]) =>
    same.slice(1).flatMap((repeated, index) => {
      const first = same[index];
      return first === undefined || isExcused(first, repeated, evidence)
        ? []
        : [
            violation(
              "duplicates",
              `dispatch ${id} attempt ${attempt}, ${repeated.startedAt - first.startedAt} ms apart`,
            ),
          ];
    }),
  );
}

/** Whether something died while the first call was in flight, or before its result can have been in the database. */
function isExcused(first: LoggedCall, repeated: LoggedCall, { deaths, databaseTrouble }: Evidence): boolean {
  return deaths.some(({ at, dispatchIds, destination = first.destination }) => {
    if (at < first.startedAt || at > repeated.startedAt) return false;
    if (dispatchIds !== undefined && !dispatchIds.has(first.dispatchId)) return false;
    if (destination !== first.destination) return false;
    const { endedAt } = first;
    if (endedAt === undefined || at <= endedAt + FLUSH_INTERVAL_MS + RECORD_MS) return true;
    // The record waited for the database.
    return databaseTrouble.some(({ from, to }) => from <= at && to >= endedAt);
  });
}

function checkEarly(calls: readonly LoggedCall[], history: readonly Transition[]): Violation[] {
  return calls.flatMap(({ dispatchId, attempt, startedAt }) => {
    // The time that was promised when the previous attempt was recorded, or at the beginning.
    const promise = history.find(({ attempts }) => attempts === attempt - 1);
    return promise !== undefined && startedAt < promise.nextAttemptAt - CLOCK_MS
      ? [
          violation(
            "early",
            `dispatch ${dispatchId} attempt ${attempt}: ${promise.nextAttemptAt - startedAt} ms too early`,
          ),
        ]
      : [];
  });
}

/** Checks that a wait which the destination asked for, in an answer that arrived, is over before the next call. */
function checkAsked(calls: readonly LoggedCall[], executions: readonly ExecutionRow[]): Violation[] {
  return executions.flatMap(({ dispatchId, attempt, result, reason }) => {
    const [asking, ...others] = calls.filter((call) => call.attempt === attempt);
    const next = calls.find((call) => call.attempt === attempt + 1);
    const heard = result === "failed" && (reason === null || reason.startsWith("answered "));
    if (!heard || others.length > 0 || next === undefined) return [];
    const earliest = (asking?.endedAt ?? 0) + (asking?.retryAfterSeconds ?? 0) * 1_000;
    return next.startedAt >= earliest - CLOCK_MS
      ? []
      : [
          violation(
            "early",
            `dispatch ${dispatchId} attempt ${attempt + 1}: ${earliest - next.startedAt} ms too early`,
          ),
        ];
  });
}

/** Checks that no call arrives after its dispatch is final, unless there was a standstill or a death while it was on its way. */
function checkEnded(
  calls: readonly LoggedCall[],
  history: readonly Transition[],
  executions: readonly ExecutionRow[],
  evidence: Evidence,
): Violation[] {
  const end = history.find(({ status }) => status !== "ongoing");
  const last = executions.at(-1);
  if (end === undefined) return [];
  return calls
    .filter(({ startedAt }) => startedAt > end.at + CLOCK_MS)
    .filter(({ startedAt }) => !wasTakenBefore(end, startedAt, history, evidence))
    .filter(({ startedAt }) => !overlaps(standstills(evidence), last?.startedAt ?? end.at, startedAt))
    .map(({ dispatchId, attempt, startedAt }) =>
      violation(
        "ended",
        `dispatch ${dispatchId} attempt ${attempt}: ${Math.round(startedAt - end.at)} ms after its end`,
      ),
    );
}

/** Whether the call was already claimed when its dispatch was cancelled: such a call still happens. */
function wasTakenBefore(
  { status, claims }: Transition,
  startedAt: number,
  history: readonly Transition[],
  evidence: Evidence,
): boolean {
  const taken = claimsOf(history).at(-1);
  if (status !== "cancelled" || claims === 0 || taken === undefined) return false;
  const troubles = [...standstills(evidence), ...evidence.databaseTrouble];
  return startedAt <= taken.at + RECORD_MS || overlaps(troubles, taken.at, startedAt);
}
