import type { DispatchWaiting } from "../../../../schema/contract/flow.ts";
import type { DispatchDetail, ExecutionDetail, PausedDestination } from "../../../../schema/contract/operator.ts";

/** An attempt, and how long it waited before. */
export interface AttemptMoment {
  kind: "attempt";
  at: Date;
  execution: ExecutionDetail;
  waitedMs: number;
  tookMs: number;
  newInstance: boolean;
}

/** An event in the history of a dispatch, or in its future. */
export type Moment =
  | { kind: "emitted" | "created"; at: Date }
  | AttemptMoment
  | { kind: "ended"; at: Date }
  | { kind: "next"; what: Next };

/** The next step of an ongoing dispatch. */
export type Next =
  | { kind: "calling"; attempt: number; until: Date }
  | { kind: "held"; attempt: number; since: Date }
  | { kind: "waiting"; attempt: number; waiting: DispatchWaiting }
  | { kind: "due"; attempt: number; at: Date }
  | { kind: "overdue"; attempt: number; at: Date };

/** Reconciling looks after dispatches that are overdue by more than this, in milliseconds. Up to then, "due now" is the whole truth. */
const OVERDUE_MS = 60_000;

/** The history of a dispatch, from its event to its result or to what comes next. */
export function timelineOf(dispatch: DispatchDetail, paused: PausedDestination | undefined, now: Date): Moment[] {
  const moments: Moment[] = [{ kind: "emitted", at: dispatch.event.createdAt }];
  // Retries and replays are created later than their event.
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

/** The next step, and when. */
export function nextOf(dispatch: DispatchDetail, paused: PausedDestination | undefined, now: Date): Next {
  const attempt = dispatch.attempts + 1;
  const { leaseUntil, nextAttemptAt } = dispatch;
  // A lease belongs to a call. Once the call is recorded, the next attempt is later than the beginning of the lease.
  if (leaseUntil !== null && leaseUntil > now && nextAttemptAt <= now)
    return { kind: "calling", attempt, until: leaseUntil };
  if (paused?.pausedAt) return { kind: "held", attempt, since: paused.pausedAt };
  const { waiting } = dispatch;
  if (waiting !== null && waiting.for !== "time") return { kind: "waiting", attempt, waiting };
  if (now.getTime() - nextAttemptAt.getTime() > OVERDUE_MS) return { kind: "overdue", attempt, at: nextAttemptAt };
  return { kind: "due", attempt, at: nextAttemptAt };
}
