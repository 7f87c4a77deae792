import type { DispatchRow, Evidence, ExecutionRow } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** Judges each dispatch by its row, its executions and the writes that were noted. */
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
    ...(evidence.dispatches.some(({ status }) => status === "complete")
      ? []
      : [violation("progress", "no dispatch is complete")]),
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
