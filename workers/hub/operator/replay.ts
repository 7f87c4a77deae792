import type { Operation, ReplayDryRun } from "../../../schema/contract/operator.ts";
import { type CheckedEventFilter, eventScanLimit, listEvents } from "../../../schema/queries/events/list-events.ts";
import { replayEvents as insertReplays, readReplayableEvents } from "../../../schema/queries/events/replay-events.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import { check, EventFilterSchema, ReplaySchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { carryOn, chunkOf, newOperation, type Step, start, tellExecutor } from "./operations.ts";
import { type FoundChunk, madeBefore, readChunk } from "./read-chunk.ts";
import { compareRoutings } from "./replay-difference.ts";
import { type JudgedEvent, judgeAgain, ROUTINGS, type Routing } from "./replay-routings.ts";

/** Events a statement: their payloads are read with them. */
const CHUNK_EVENTS = 100;

interface ReplayArguments {
  filter: object;
  limit: number;
  perSecond: number;
  routing: Routing;
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
  const checked = madeBefore(check(EventFilterSchema, filter, "filter"), operation);
  const found = await readEvents(checked, operation.position, limit - operation.examined, context);
  const dispatches = found.rows.flatMap((event) => ROUTINGS[routing](event, context));
  const mended = routing === "same" ? [] : found.rows.filter(isMended).map(({ id }) => id);
  const chunk = chunkOf(operation, { next: found.next, examined: found.rows.length, last: found.last });
  await tellExecutor(await context.database.run(insertReplays(dispatches, mended, perSecond, chunk)), context);
};

/** It was refused, and would be taken now. */
const isMended = ({ invalid, refusedStill, payload }: JudgedEvent) =>
  payload !== null && invalid?.refused === true && !refusedStill;

/** Of what has been routed: the rest is delivered for the first time soon, by the hub's cron. */
async function readEvents(
  filter: CheckedEventFilter,
  position: string | null,
  left: number,
  context: OperatorContext,
): Promise<FoundChunk<JudgedEvent>> {
  const { database } = context;
  const source = {
    most: CHUNK_EVENTS,
    list: (options: ListOptions) => listEvents({ ...filter, routed: true }, options),
    scanLimit: (limit: number) => eventScanLimit(filter, limit),
  };
  const { rows, ...where } = await readChunk(database, source, position, left);
  const events = rows.length === 0 ? [] : await database.run(readReplayableEvents(rows.map(({ id }) => id)));
  return { rows: await judgeAgain(events, context), ...where };
}

/** What a filter finds, chunk by chunk; ends early, with `complete` false, when the time is up or the limit is reached. */
async function* chunksOf(filter: CheckedEventFilter, limit: number, context: OperatorContext) {
  let position: string | null = null;
  for (let seen = 0; ; ) {
    const found: FoundChunk<JudgedEvent> = await readEvents(filter, position, limit - seen, context);
    seen += found.rows.length;
    position = found.next;
    yield { events: found.rows, complete: found.last && seen < limit };
    if (found.last || Date.now() >= context.deadline) return;
  }
}
