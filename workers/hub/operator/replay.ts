import type { Operation, ReplayDryRun } from "../../../schema/contract/operator.ts";
import { type CheckedEventFilter, eventScanLimit, listEvents } from "../../../schema/queries/events/list-events.ts";
import {
  replayEvents as insertReplays,
  type ReplayableEvent,
  readReplayableEvents,
} from "../../../schema/queries/events/replay-events.ts";
import type { PlannedDispatch } from "../../../schema/queries/events/store-events.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import { policyOfRoute } from "../routing/types.ts";
import { check, EventFilterSchema, ReplaySchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { foundRows } from "./lists.ts";
import { carryOn, chunkOf, newOperation, type Step, start, tellExecutor } from "./operations.ts";
import { compareRoutings } from "./replay-difference.ts";

/** Events a statement: their payloads are read with them. */
const CHUNK_EVENTS = 100;

interface ReplayArguments {
  filter: object;
  limit: number;
  perSecond: number;
  routing: "same" | "current";
}

/** Delivers events again: to the destinations they had, or to those of the current configuration. @throws OperatorError */
export async function replayEvents(
  context: OperatorContext,
  filter: unknown,
  options: unknown,
): Promise<Operation | ReplayDryRun> {
  const checked = check(EventFilterSchema, filter ?? {}, "filter");
  const { dryRun, limit, perSecond, routing, ...by } = check(ReplaySchema, options ?? {}, "options");
  if (dryRun) return compareRoutings(chunksOf(checked, limit, context), routing, context);
  if (routing === "current") context.routes(); // a faulty configuration is told now, not by the cron
  const operation = newOperation("replay_events", { filter: checked, limit, perSecond, routing }, by, context);
  const { id } = await start(operation, context);
  return carryOn(id, replayStep, context);
}

/** One chunk of a replay. */
export const replayStep: Step = async (operation: OperationRow, context: OperatorContext) => {
  const { filter, limit, perSecond, routing } = operation.arguments as unknown as ReplayArguments;
  const checked = check(EventFilterSchema, filter, "filter");
  const until =
    checked.until !== undefined && checked.until < operation.created_at ? checked.until : operation.created_at;
  const found = await find({ ...checked, until }, operation.position, limit - operation.examined, context);
  const dispatches = found.events.flatMap((event) =>
    routing === "same" ? sameRouting(event) : currentRouting(event, context),
  );
  const chunk = chunkOf(operation, { next: found.next, examined: found.events.length, last: found.last });
  await tellExecutor(await context.database.run(insertReplays(dispatches, perSecond, chunk)), context);
};

interface FoundEvents {
  events: ReplayableEvent[];
  next: string | null;
  last: boolean;
}

/** Of what has been routed: the rest is delivered for the first time soon, by the hub's cron. */
async function find(
  filter: CheckedEventFilter,
  position: string | null,
  left: number,
  { database }: OperatorContext,
): Promise<FoundEvents> {
  const limit = Math.max(1, Math.min(CHUNK_EVENTS, left));
  const routed = { ...filter, routed: true } as const;
  const listed = await database.run(listEvents(routed, { order: "oldest", limit, after: position ?? undefined }));
  const ids = foundRows(listed).map(({ id }) => id);
  const full = ids.length === limit;
  const looked = listed[0]?.scanned === eventScanLimit(filter, limit);
  const events = ids.length === 0 ? [] : await database.run(readReplayableEvents(ids));
  const next = full ? ids.at(-1) : listed[0]?.scanned_to;
  return { events, next: next ?? null, last: (full && ids.length >= left) || (!full && !looked) };
}

/** What a filter finds, chunk by chunk; ends early, with `complete` false, when the time is up or the limit is reached. */
async function* chunksOf(filter: CheckedEventFilter, limit: number, context: OperatorContext) {
  let position: string | null = null;
  for (let seen = 0; ; ) {
    const found: FoundEvents = await find(filter, position, limit - seen, context);
    seen += found.events.length;
    position = found.next;
    yield { events: found.events, complete: found.last && seen < limit };
    if (found.last || Date.now() >= context.deadline) return;
  }
}

/** The dispatches that the event's routes made when it was emitted. */
export const sameRouting = ({ id, payload, dispatches }: ReplayableEvent): PlannedDispatch[] =>
  payload === null ? [] : dispatches.map((dispatch) => ({ eventId: id, ...dispatch }));

/** The dispatches that the configuration makes of it now. */
export const currentRouting = (
  { id, payload, own }: ReplayableEvent,
  { routes }: OperatorContext,
): PlannedDispatch[] =>
  payload === null
    ? []
    : routes()
        .match(payload, own ? "hub" : "producers")
        .map((route) => ({ eventId: id, ...policyOfRoute(route) }));
