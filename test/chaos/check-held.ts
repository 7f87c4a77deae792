import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import type { OperatorAct } from "./journal.ts";
import { CLOCK_MS } from "./standstills.ts";
import { endOf, type Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** The final statuses that hold a key. */
const HOLDING = ["failed", "misconfigured", "lost"];

/**
 * Checks that a dispatch which failed for good keeps its key from being called, until an operator begins to release it or its retry is final. The
 * retry takes the place of the failed dispatch in the order, and is called before all others. If it fails for good as well, it holds the key again.
 */
export function checkHeld(
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  { acts, transitions }: Evidence,
): Violation[] {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  const ends = new Map([...histories].map(([id, history]) => [id, endOf(history)]));
  const keys = new Map(dispatches.map(({ id, orderKey }) => [id, orderKey]));
  const called = Map.groupBy(calls, ({ dispatchId }) => keys.get(dispatchId));
  const retries = new Map(dispatches.map((dispatch) => [dispatch.retryOf, dispatch]));
  return dispatches.flatMap((failed) => {
    const end = ends.get(failed.id);
    if (end === undefined || !HOLDING.includes(end.status)) return [];
    const retry = retries.get(failed.id);
    const until = { retry: retriedAt(failed, acts), others: freedAt(failed, end, ends.get(retry?.id ?? ""), acts) };
    const misplaced = retry !== undefined && retry.seq !== failed.seq;
    return [
      ...(misplaced
        ? [violation("held", `dispatch ${retry.id} has not the place of ${failed.id}, which it retries`)]
        : []),
      ...(called.get(failed.orderKey) ?? []).flatMap(({ dispatchId, startedAt }) => {
        // Calls of a dispatch that is final are left to another checker.
        const over = dispatchId === failed.id || (ends.get(dispatchId)?.at ?? startedAt) < startedAt;
        const allowed = dispatchId === retry?.id ? until.retry : until.others;
        return over || startedAt <= end.at + CLOCK_MS || startedAt >= allowed - CLOCK_MS
          ? []
          : [
              violation(
                "held",
                `${failed.orderKey}: dispatch ${dispatchId} was called ${Math.round(startedAt - end.at)} ms after ${failed.id} had failed for good`,
              ),
            ];
      }),
    ];
  });
}

const NEVER = Number.POSITIVE_INFINITY;

const done = ({ refused }: OperatorAct) => refused === undefined;

/** When an operator began to retry the dispatch. */
const retriedAt = ({ id }: DispatchRow, acts: readonly OperatorAct[]): number =>
  acts.find((act) => act.method === "retryDispatch" && act.dispatchId === id && done(act))?.startedAt ?? NEVER;

/** When an operator began to release the key, or the retry was final. */
function freedAt(
  { destination, orderKey }: DispatchRow,
  end: Transition,
  retried: Transition | undefined,
  acts: readonly OperatorAct[],
): number {
  const releases = acts.filter(
    (act) =>
      act.method === "releaseKey" &&
      act.destination === destination &&
      act.key === orderKey &&
      done(act) &&
      (act.answeredAt ?? NEVER) >= end.at,
  );
  return Math.min(retried?.at ?? NEVER, ...releases.map(({ startedAt }) => startedAt));
}
