import type { DispatchWaiting } from "../../../../schema/contract/flow.ts";
import type { DispatchDetail, ExecutionDetail, PausedDestination } from "../../../../schema/contract/operator.ts";

/** One thing that has happened to a dispatch, or will. */
export type Moment =
  | { kind: "emitted" | "created"; at: Date }
  | { kind: "attempt"; at: Date; execution: ExecutionDetail; waitedMs: number; tookMs: number; newInstance: boolean }
  | { kind: "ended"; at: Date }
  | { kind: "next"; what: Next };

/** What comes next of an ongoing dispatch. */
export type Next =
  | { kind: "calling"; attempt: number; until: Date }
  | { kind: "held"; attempt: number; since: Date }
  | { kind: "waiting"; attempt: number; waiting: DispatchWaiting }
  | { kind: "due"; attempt: number; at: Date }
  | { kind: "overdue"; attempt: number; at: Date };

/** Reconciling looks at what is overdue by this, in milliseconds; below it "due now" is the whole truth. */
const OVERDUE_MS = 60_000;

/** The story of a dispatch, from its event to its result or to what comes next. */
export function timelineOf(dispatch: DispatchDetail, paused: PausedDestination | undefined, now: Date): Moment[] {
  const moments: Moment[] = [{ kind: "emitted", at: dispatch.event.createdAt }];
  // Retries and replays are made later than their event.
  if (dispatch.createdAt.getTime() - dispatch.event.createdAt.getTime() > 1_000) {
    moments.push({ kind: "created", at: dispatch.createdAt });
  }
  let before = dispatch.createdAt;
  let instance = dispatch.executions[0]?.instanceId;
  for (const execution of dispatch.executions) {
    const { startedAt, finishedAt, instanceId } = execution;
    moments.push({
      kind: "attempt",
      at: startedAt,
      execution,
      waitedMs: Math.max(0, startedAt.getTime() - before.getTime()),
      tookMs: finishedAt.getTime() - startedAt.getTime(),
      newInstance: instanceId !== instance,
    });
    before = finishedAt;
    instance = instanceId;
  }
  if (dispatch.resultedAt !== null) moments.push({ kind: "ended", at: dispatch.resultedAt });
  else moments.push({ kind: "next", what: nextOf(dispatch, paused, now) });
  return moments;
}

/** What comes next, and when. */
export function nextOf(dispatch: DispatchDetail, paused: PausedDestination | undefined, now: Date): Next {
  const attempt = dispatch.attempts + 1;
  const { leaseUntil, nextAttemptAt } = dispatch;
  // A lease is for a call: one that has been recorded gives a later time than the lease's beginning.
  if (leaseUntil !== null && leaseUntil > now && nextAttemptAt <= now)
    return { kind: "calling", attempt, until: leaseUntil };
  if (paused?.pausedAt) return { kind: "held", attempt, since: paused.pausedAt };
  const { waiting } = dispatch;
  if (waiting !== null && waiting.for !== "time") return { kind: "waiting", attempt, waiting };
  if (now.getTime() - nextAttemptAt.getTime() > OVERDUE_MS) return { kind: "overdue", attempt, at: nextAttemptAt };
  return { kind: "due", attempt, at: nextAttemptAt };
}
