import { MAX_HOPS } from "../../schema/vocabulary/limits.ts";
import { DESTINATIONS } from "./destinations.ts";
import type { Arrival, DispatchRow, EventRow, Evidence } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** How long a message may take from the queue's answer to its consumer's, on a busy machine. */
const ON_ITS_WAY_MS = 10_000;

/** Compares what exists at destinations with the dispatches, and the number of hubs that events have passed with their way. */
export function checkArrivals(evidence: Evidence): Violation[] {
  const { dispatches, events, arrivals, unsigned } = evidence;
  const known = new Map(dispatches.map((dispatch) => [dispatch.id, dispatch]));
  const eventOf = new Map(events.map((event) => [event.id, event]));
  const byDispatch = Map.groupBy(arrivals, ({ dispatchId }) => dispatchId);
  const calls = Map.groupBy(evidence.calls, ({ dispatchId }) => dispatchId);
  return [
    ...unsigned.map((what) => violation("signed", what)),
    ...dispatches.flatMap((dispatch) =>
      checkDispatch(dispatch, byDispatch.get(dispatch.id) ?? [], calls.get(dispatch.id)?.length ?? 0, evidence),
    ),
    ...arrivals.flatMap((arrival) => {
      const dispatch = known.get(arrival.dispatchId);
      return checkArrival(arrival, dispatch, eventOf.get(dispatch?.eventId ?? ""), eventOf.get(arrival.as));
    }),
  ];
}

function checkDispatch(
  { id, destination, status }: DispatchRow,
  arrivals: readonly Arrival[],
  calls: number,
  evidence: Evidence,
): Violation[] {
  const leaves = DESTINATIONS[destination]?.leaves;
  if (leaves === undefined) return [];
  const wrong = (what: string) => [violation("arrived", `dispatch ${id} to ${destination}: ${what}`)];
  const things = new Set(arrivals.map(({ as }) => as)).size;
  const most = leaves === "once" ? 1 : calls;
  if (things > most) return wrong(`${things} things are there of ${most}`);
  if (status !== "complete" || things > 0) return [];
  return leaves === "until a kill" && isLostWithAll(id, evidence) ? [] : wrong("nothing is there");
}

/** Whether everything died before the last successful call's result at the destination was certainly consumed. */
function isLostWithAll(id: string, { calls, deaths }: Evidence): boolean {
  const good = calls.findLast(({ dispatchId, answer }) => dispatchId === id && answer === "complete");
  return deaths.some(
    ({ at, dispatchIds, destination }) =>
      dispatchIds === undefined &&
      destination === undefined &&
      good?.endedAt !== undefined &&
      at >= good.startedAt &&
      at <= good.endedAt + ON_ITS_WAY_MS,
  );
}

/**
 * @param sent The event that the arrival should hold.
 * @param relayed The event that another hub has made of it, if any.
 */
function checkArrival(
  { dispatchId, destination, n, as }: Arrival,
  dispatch: DispatchRow | undefined,
  sent: EventRow | undefined,
  relayed: EventRow | undefined,
): Violation[] {
  const wrong = (what: string) => [violation("arrived", `${as} at ${destination}: ${what}`)];
  if (dispatch === undefined || sent === undefined) return wrong(`of dispatch ${dispatchId}, which is not stored`);
  if (dispatch.destination !== destination) return wrong(`was for ${dispatch.destination}`);
  if (n !== sent.n) return wrong(`holds event number ${n} instead of ${sent.n}`);
  if (relayed === undefined) return [];
  if (relayed.hops !== sent.hops + 1) return wrong(`counts ${relayed.hops} hubs after ${sent.hops}`);
  return relayed.hops > MAX_HOPS ? wrong(`has passed ${relayed.hops} hubs`) : [];
}
