import type { LoggedCall } from "./attribution.ts";
import { callEnds } from "./call-ends.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS, overlaps, standstills } from "./standstills.ts";
import { type Violation, violation } from "./violation.ts";

/** A call that takes longer than this to arrive has timed out. */
const LATE_MS = 6_000;

/** Checks that the dispatches of a key are called one after the other, in the order of their emits, and none before the previous one is final. */
export function checkOrder(
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  evidence: Evidence,
): Violation[] {
  const began = new Map<string, number>();
  for (const { dispatchId, startedAt } of calls)
    began.set(dispatchId, Math.min(began.get(dispatchId) ?? Number.POSITIVE_INFINITY, startedAt));
  const ended = new Map(
    evidence.transitions.flatMap(({ dispatchId, status, oldStatus, at }) =>
      status !== "ongoing" && oldStatus === "ongoing" ? [[dispatchId, at] as const] : [],
    ),
  );
  const times = emitTimes(evidence);
  const keys = new Map(dispatches.map(({ id, orderKey }) => [id, orderKey]));
  const beside = [...Map.groupBy(calls, ({ dispatchId }) => keys.get(dispatchId))].flatMap(([key, own]) =>
    findOverlaps(key ?? "", own, dispatches, evidence),
  );
  const inTurn = [...Map.groupBy(dispatches, ({ orderKey }) => orderKey)].flatMap(([key, all]) => {
    const called = all
      .filter(({ position }) => position !== null)
      .toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0));
    return called.slice(1).flatMap((next, index) => {
      const before = called[index] as DispatchRow;
      const overlap = (ended.get(before.id) ?? 0) - (began.get(next.id) ?? Number.POSITIVE_INFINITY);
      const inverted = called.slice(0, index + 1).find(({ seq }) => (seq ?? 0) > (next.seq ?? 0));
      const first = times.get(next.eventId);
      const later = inverted && times.get(inverted.eventId);
      // Emits that overlapped may come in any order.
      const wrong = first !== undefined && later !== undefined && first.answeredAt < later.startedAt;
      return [
        ...(overlap > CLOCK_MS
          ? [violation("ordered", `${key}: dispatch ${next.id} was called ${overlap} ms before ${before.id} was final`)]
          : []),
        ...(wrong
          ? [
              violation(
                "ordered",
                `${key}: dispatch ${inverted?.id} came before ${next.id}, which was emitted before it`,
              ),
            ]
          : []),
      ];
    });
  });
  return [...beside, ...inTurn];
}

/** Finds calls of a key that began while a call of another dispatch was in flight, also after a cancel. */
function findOverlaps(
  key: string,
  calls: readonly LoggedCall[],
  dispatches: readonly DispatchRow[],
  evidence: Evidence,
): Violation[] {
  const endOf = callEnds(dispatches, evidence);
  return calls.flatMap((call) => {
    const other = calls.find(
      (one) =>
        one.dispatchId !== call.dispatchId && one.startedAt <= call.startedAt && endOf(one) - CLOCK_MS > call.startedAt,
    );
    // One of the two may have taken so long to arrive that it was given up before.
    return other === undefined || overlaps(standstills(evidence), other.startedAt - LATE_MS, call.startedAt)
      ? []
      : [violation("ordered", `${key}: dispatch ${call.dispatchId} was called while ${other.dispatchId} was`)];
  });
}

/** For each event: when its call of `emit` began, and when it was answered. */
function emitTimes({ emissions, events }: Evidence): Map<string, { startedAt: number; answeredAt: number }> {
  const ids = new Map(events.filter(({ hops }) => hops === 0).map(({ n, id }) => [n, id]));
  return new Map(
    emissions.flatMap(({ payloads, startedAt, answeredAt }) =>
      payloads.flatMap(({ n }) => {
        const id = ids.get(n);
        return id === undefined || startedAt === undefined || answeredAt === undefined
          ? []
          : [[id, { startedAt, answeredAt }] as const];
      }),
    ),
  );
}
