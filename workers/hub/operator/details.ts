import { type DispatchDetail, type EventDetail, MAX_SHOWN_CAUSED } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  type DispatchDetailRow,
  type ExecutionRow,
  readDispatch,
  readExecutions,
} from "../../../schema/queries/dispatches/read-dispatch.ts";
import { type EventDetailRow, readDispatchesOfEvent, readEvent } from "../../../schema/queries/events/read-event.ts";
import { type RelatedEventRow, readAncestors, readCaused } from "../../../schema/queries/events/read-related-events.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/row-types.ts";
import { MAX_HOPS, TRACE_ID_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { toDispatch, toDispatchDetail, toEvent, toRelatedEvent } from "./answers-from-rows.ts";
import { check, Id } from "./argument-schemas.ts";
import { OperatorError } from "./operator-error.ts";

/** The most dispatches shown with their event. `listDispatches({ eventId })` pages through more. */
export const MAX_SHOWN_DISPATCHES = 1_000;

/** A dispatch with its executions. @throws OperatorError */
export async function getDispatch(database: Database, id: unknown): Promise<DispatchDetail> {
  const checked = check(Id, id, "id");
  const [[row], executions] = await database.transaction<[DispatchDetailRow, ExecutionRow]>([
    readDispatch(checked),
    readExecutions(checked),
  ]);
  if (row === undefined) throw new OperatorError("not_found", `there is no dispatch ${checked}`);
  return toDispatchDetail(row, executions);
}

/** An event with its payload, its dispatches and its neighbours in its chain of events. @throws OperatorError */
export async function getEvent(database: Database, id: unknown): Promise<EventDetail> {
  const checked = check(Id, id, "id");
  const [[row], dispatches, ancestors, caused] = await database.transaction<
    [EventDetailRow, DispatchRow, RelatedEventRow, RelatedEventRow]
  >([
    readEvent(checked),
    readDispatchesOfEvent(checked, MAX_SHOWN_DISPATCHES),
    readAncestors(checked, MAX_HOPS),
    readCaused(checked, MAX_SHOWN_CAUSED),
  ]);
  if (row === undefined) throw new OperatorError("not_found", `there is no event ${checked}`);
  return {
    ...toEvent(row),
    traceparent: row.traceparent,
    traceId: row.traceparent?.slice(3, 3 + TRACE_ID_LENGTH) ?? null,
    causedBy: row.caused_by,
    ancestors: ancestors.map(toRelatedEvent),
    caused: caused.map(toRelatedEvent),
    payload: row.payload,
    dispatches: dispatches.map(toDispatch),
  };
}
