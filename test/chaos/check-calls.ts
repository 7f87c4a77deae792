import { MAX_CLAIMS } from "../../schema/vocabulary/limits.ts";
import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence, ExecutionRow } from "./evidence.ts";
import { CLOCK_MS, overlaps, RECORD_MS, standstills } from "./standstills.ts";
import type { Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** Compares the destinations' own log of calls with the recorded executions. */
export function checkCalls(evidence: Evidence): Violation[] {
  const calls = Map.groupBy(evidence.calls, ({ dispatchId }) => dispatchId);
  const executions = Map.groupBy(evidence.executions, ({ dispatchId }) => dispatchId);
  const transitions = Map.groupBy(evidence.transitions, ({ dispatchId }) => dispatchId);
  const found = evidence.dispatches.flatMap((dispatch) => {
    const own = (calls.get(dispatch.id) ?? []).sort((a, b) => a.startedAt - b.startedAt);
    const history = transitions.get(dispatch.id) ?? [];
    return [
      ...(executions.get(dispatch.id) ?? []).flatMap((execution) =>
        checkExecution(dispatch, execution, own, history, evidence),
      ),
      ...checkBudget(dispatch, executions.get(dispatch.id) ?? [], own),
    ];
  });
  const known = new Map(evidence.dispatches.map(({ id, destination }) => [id, destination]));
  for (const { dispatchId, destination } of evidence.calls) {
    const meant = known.get(dispatchId);
    if (meant === undefined) found.push(violation("called", `a call of dispatch ${dispatchId}, which is not stored`));
    else if (meant !== destination)
      found.push(violation("called", `a call of dispatch ${dispatchId} for ${meant} at ${destination}`));
  }
  return found;
}

function checkExecution(
  { id, destination, timeoutSeconds }: DispatchRow,
  { attempt, result, reason, startedAt, finishedAt }: ExecutionRow,
  calls: readonly LoggedCall[],
  history: readonly Transition[],
  evidence: Evidence,
): Violation[] {
  const wrong = (why: string) => [
    violation("called", `dispatch ${id} attempt ${attempt} (${result}, ${reason}): ${why}`),
  ];
  if (result === "misconfigured") return [];
  const own = calls.filter((call) => call.attempt === attempt);
  if (reason?.startsWith("the executor died during the call")) {
    const claims = Math.max(...history.filter(({ attempts }) => attempts === attempt - 1).map((t) => t.claims));
    return claims > MAX_CLAIMS ? [] : wrong(`only ${claims} claims`);
  }
  if (own.length === 0) {
    const away = evidence.absences.filter(({ kind }) => kind === destination);
    // An execution's times count from the claim's answer, which may have been delayed.
    if (result === "failed" && overlaps(away, startedAt, finishedAt + RECORD_MS)) return [];
    // During a standstill, or when everything dies, a call may not arrive although it was made.
    const arrivesLate = overlaps(standstills(evidence), startedAt, finishedAt + RECORD_MS);
    return reason?.startsWith("no answer within") && arrivesLate ? [] : wrong("nobody was called");
  }
  const answers = new Set(own.map(({ answer }) => answer));
  if (result === "complete" || result === "ignored")
    return answers.has(result) ? [] : wrong(`answered [${[...answers]}]`);
  if (reason?.startsWith("no answer within"))
    return finishedAt - startedAt >= timeoutSeconds * 1_000 - CLOCK_MS ? [] : wrong("the timeout was not over");
  const bad = own.some(({ answer }) => answer !== undefined && answer !== "complete" && answer !== "ignored");
  return bad
    ? []
    : [violation("budget", `dispatch ${id} attempt ${attempt} failed (${reason}), answered [${[...answers]}]`)];
}

function checkBudget(
  { id, status, attempts, maxRetries }: DispatchRow,
  executions: readonly ExecutionRow[],
  calls: readonly LoggedCall[],
): Violation[] {
  const beyond = calls.find(({ attempt }) => attempt > maxRetries + 1);
  if (beyond !== undefined) return [violation("budget", `dispatch ${id} was called for attempt ${beyond.attempt}`)];
  if (status !== "failed" || attempts === maxRetries + 1) return [];
  const last = executions.at(-1);
  const final = calls.some((call) => call.attempt === last?.attempt && call.answer === "failed for good");
  return final ? [] : [violation("budget", `dispatch ${id} failed after ${attempts} attempts of ${maxRetries + 1}`)];
}
