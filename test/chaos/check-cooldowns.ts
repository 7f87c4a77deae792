import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS } from "./standstills.ts";
import { claimsOf, type Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** A wait that a destination has asked for. Times in milliseconds since 1970. */
export interface Cooldown {
  /** `undefined`: the whole destination waits. */
  key?: string;
  /** When the answer was recorded: this is where the wait begins. */
  from: number;
  /** No later than its end, which counts from the record: this counts from the answer, by the destination's own clock. */
  to: number;
}

/** The waits for which a key or the whole destination was asked, by answers that were recorded. */
export function cooldownsOf(
  scope: "key" | "destination",
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  { executions, transitions }: Pick<Evidence, "executions" | "transitions">,
): Cooldown[] {
  const keys = new Map(dispatches.map(({ id, flowKey }) => [id, flowKey ?? ""]));
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  const byDispatch = Map.groupBy(calls, ({ dispatchId }) => dispatchId);
  return executions.flatMap(({ dispatchId, attempt, result, reason }) => {
    const key = keys.get(dispatchId);
    // Of two calls of one attempt, nobody knows which answer was recorded.
    const [asking, ...others] = (byDispatch.get(dispatchId) ?? []).filter((call) => call.attempt === attempt);
    const heard = result === "failed" && (reason === null || reason.startsWith("answered "));
    const from = histories.get(dispatchId)?.find(({ attempts }) => attempts === attempt)?.at;
    if (key === undefined || !heard || others.length > 0 || from === undefined) return [];
    if (asking?.endedAt === undefined || asking.retryAfterSeconds === undefined) return [];
    const to = asking.endedAt + asking.retryAfterSeconds * 1_000;
    return [{ ...(scope === "key" ? { key } : {}), from, to }];
  });
}

/** Checks that no call begins during a cooldown, except those that were taken before the wait was recorded. */
export function checkCooldowns(
  destination: string,
  cooldowns: readonly Cooldown[],
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  { transitions }: Pick<Evidence, "transitions">,
): Violation[] {
  const keys = new Map(dispatches.map(({ id, flowKey }) => [id, flowKey ?? ""]));
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  return cooldowns.flatMap(({ key, from, to }) =>
    calls
      .filter(({ dispatchId }) => key === undefined || keys.get(dispatchId) === key)
      .filter(({ startedAt }) => startedAt > from && startedAt < to - CLOCK_MS)
      .filter((call) => takenAt(call, histories.get(call.dispatchId) ?? []) > from)
      .map(({ dispatchId, startedAt }) =>
        violation(
          "cooled",
          `${destination} ${key ?? ""}: dispatch ${dispatchId} was called ${Math.ceil(to - startedAt)} ms before the end of a cooldown`,
        ),
      ),
  );
}

/** When the call was taken from the database. A call that nobody has taken counts as taken when it begins. */
const takenAt = ({ startedAt }: LoggedCall, history: readonly Transition[]): number =>
  claimsOf(history).findLast(({ at }) => at <= startedAt)?.at ?? startedAt;
