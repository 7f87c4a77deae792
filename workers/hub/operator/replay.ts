import type { Operation, ReplayDryRun } from "../../../schema/contract/operations.ts";
import { type CheckedEventFilter, eventScanLimit, listEvents } from "../../../schema/queries/events/list-events.ts";
import {
  replayEvents as insertReplays,
  type ReplayableEvent,
  readReplayableEvents,
} from "../../../schema/queries/events/replay-events.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { EventRow } from "../../../schema/queries/fragments/row-types.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import { check, EventFilterSchema, ReplaySchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { previewUntil } from "./dry-run.ts";
import { carryOn, chunkOf, newOperation, type Step, start, tellExecutor } from "./operations.ts";
import { byIndex } from "./payload-indexes.ts";
import { type FoundChunk, madeBefore, readChunk } from "./read-chunk.ts";
import { compareRoutings } from "./replay-difference.ts";
import { type JudgedEvent, judgeAgain, ROUTINGS, type Routing } from "./replay-routings.ts";

/** The most events in one statement, which reads their payloads. */
const CHUNK_EVENTS = 100;

/** The most events that a dry run reads at once. */
const PREVIEW_EVENTS = 1_000;

/** The most bytes of payloads that are read at once, unless a single payload has more. */
const MAX_READ_BYTES = 8 * 1_024 * 1_024;

interface ReplayArguments {
  filter: object;
  limit: number;
  perSecond: number;
  routing: Routing;
}

/** Delivers events again, to their original destinations or to those of the current configuration. @throws OperatorError */
export async function replayEvents(
  context: OperatorContext,
  filter: unknown,
  options: unknown,
): Promise<Operation | ReplayDryRun> {
  const checked = check(EventFilterSchema, filter ?? {}, "filter");
  const { dryRun, limit, perSecond, routing, ...by } = check(ReplaySchema, options ?? {}, "options");
  if (dryRun) return compareRoutings(chunksOf(checked, limit, context), routing, context);
  if (routing === "current") context.routes(); // reports a faulty configuration now, not when the cron runs
  const operation = newOperation("replay_events", { filter: checked, limit, perSecond, routing }, by, context);
  const { id } = await start(operation, context);
  return carryOn(id, replayStep, context);
}

/** One chunk of a replay. */
export const replayStep: Step = async (operation: OperationRow, context: OperatorContext) => {
  const { filter, limit, perSecond, routing } = operation.arguments as unknown as ReplayArguments;
  const checked = madeBefore(check(EventFilterSchema, filter, "filter"), operation);
  const found = await readEvents(
    checked,
    operation.position,
    { most: CHUNK_EVENTS, left: limit - operation.examined },
    context,
  );
  const dispatches = found.rows.flatMap((event) => ROUTINGS[routing](event, context));
  const mended = routing === "same" ? [] : found.rows.filter(isMended).map(({ id }) => id);
  const chunk = chunkOf(operation, { next: found.next, examined: found.rows.length, last: found.last });
  await tellExecutor(await context.database.run(insertReplays(dispatches, mended, perSecond, chunk)), context);
};

/** Whether the event was refused, and would be accepted now. */
const isMended = ({ invalid, refusedStill, payload }: JudgedEvent) =>
  payload !== null && invalid?.refused === true && !refusedStill;

/** Reads events that have been routed. Others are delivered for the first time once the hub has routed them. */
async function readEvents(
  filter: CheckedEventFilter,
  position: string | null,
  { most, left }: { most: number; left: number },
  context: OperatorContext,
): Promise<FoundChunk<JudgedEvent>> {
  const { database } = context;
  const sought = await byIndex(database, "events", filter);
  const source = {
    most,
    list: (options: ListOptions) => listEvents({ ...sought, routed: true }, options),
    scanLimit: (limit: number) => eventScanLimit(sought, limit),
  };
  const { rows, ...where } = await readChunk(database, source, position, left);
  const events: ReplayableEvent[] = [];
  for (const ids of readable(rows)) events.push(...(await database.run(readReplayableEvents(ids))));
  return { rows: await judgeAgain(events, context), ...where };
}

/** The ids of events in their order, in groups small enough to be read at once. */
function* readable(rows: readonly EventRow[]): Generator<string[]> {
  let [ids, bytes]: [string[], number] = [[], 0];
  for (const { id, payload_bytes } of rows) {
    if (ids.length > 0 && bytes + payload_bytes > MAX_READ_BYTES) {
      yield ids;
      [ids, bytes] = [[], 0];
    }
    ids.push(id);
    bytes += payload_bytes;
  }
  if (ids.length > 0) yield ids;
}

/** The events that a filter finds, chunk by chunk. Ends early, with `complete` false, when the time is up. */
async function* chunksOf(filter: CheckedEventFilter, limit: number, context: OperatorContext) {
  const until = previewUntil(context.deadline);
  let position: string | null = null;
  for (let seen = 0; ; ) {
    const found: FoundChunk<JudgedEvent> = await readEvents(
      filter,
      position,
      { most: PREVIEW_EVENTS, left: limit - seen },
      context,
    );
    seen += found.rows.length;
    position = found.next;
    yield { events: found.rows, complete: found.last, limited: seen >= limit };
    if (found.last || Date.now() >= until) return;
  }
}
