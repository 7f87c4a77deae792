import { kindOf } from "./destinations.ts";
import type { DispatchRow, Evidence, ExecutionRow } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** If this many dispatches went to one kind of destination and none is complete, the run proves nothing. */
const MANY = 10;

/** Checks each dispatch by its row, its executions and its recorded transitions. */
export function checkDispatches(evidence: Evidence): Violation[] {
  const executions = Map.groupBy(evidence.executions, ({ dispatchId }) => dispatchId);
  return [
    ...evidence.dispatches.flatMap((dispatch) => checkDispatch(dispatch, executions.get(dispatch.id) ?? [])),
    ...evidence.transitions
      .filter(({ oldStatus, status }) => oldStatus !== null && oldStatus !== "ongoing" && status !== oldStatus)
      .map(({ dispatchId, oldStatus, status }) =>
        violation("kept", `dispatch ${dispatchId} went from ${oldStatus} to ${status}`),
      ),
    ...evidence.errored.map((id) => violation("errored", `instance ${id}`)),
    ...checkProgress(evidence.dispatches),
  ];
}

function checkProgress(dispatches: readonly DispatchRow[]): Violation[] {
  const idle = (some: readonly DispatchRow[]) => some.every(({ status }) => status !== "complete");
  const kinds = Map.groupBy(dispatches, ({ destination }) => kindOf(destination));
  return [
    ...(idle(dispatches) ? [violation("progress", "no dispatch is complete")] : []),
    ...[...kinds]
      .filter(([, some]) => some.length >= MANY && idle(some))
      .map(([kind, some]) => violation("progress", `none of ${some.length} dispatches to a ${kind} is complete`)),
  ];
}

function checkDispatch(dispatch: DispatchRow, executions: readonly ExecutionRow[]): Violation[] {
  const { id, status, attempts, maxRetries, reason } = dispatch;
  const found: Violation[] = [];
  if (status === "ongoing") found.push(violation("final", `dispatch ${id} is ongoing`));
  if (status === "lost") found.push(violation("lost", `dispatch ${id}: ${reason}`));
  const numbers = executions.map(({ attempt }) => attempt).sort((a, b) => a - b);
  if (numbers.length !== attempts || numbers.some((attempt, index) => attempt !== index + 1))
    found.push(violation("counted", `dispatch ${id} has ${attempts} attempts, and executions [${numbers}]`));
  if (attempts > maxRetries + 1)
    found.push(violation("budget", `dispatch ${id} had ${attempts} attempts of ${maxRetries + 1}`));
  const last = executions.find(({ attempt }) => attempt === attempts);
  const byTheLast = ["complete", "ignored", "failed", "misconfigured"].includes(status);
  if (byTheLast && last?.result !== status)
    found.push(violation("called", `dispatch ${id} is ${status}, and its last execution ${last?.result ?? "missing"}`));
  return found;
}
