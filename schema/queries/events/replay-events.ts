import { type SQL, sql } from "drizzle-orm";
import { type Policy, policyRow } from "../../config/policy.ts";
import type { EventPayload } from "../../contract/index.ts";
import type { InvalidEvent } from "../../contract/invalid.ts";
import { hasOrder, turnOf, waitingOf } from "../fragments/draw-turns.ts";
import { idArray } from "../fragments/list-conditions.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { policyColumns, policyObject, policyOf, policyRecord } from "../fragments/policy-sql.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";
import type { PlannedDispatch } from "./store-events.ts";

export interface ReplayableEvent {
  id: string;
  payload: EventPayload | null;
  /** Whether the hub itself emitted it. */
  own: boolean;
  /** What was wrong with the event when it was stored. */
  invalid: InvalidEvent | null;
  /** The dispatches that its routes made at first, without retries and replays. */
  dispatches: Policy[];
}

/** Reads events with their payloads and first dispatches. */
export function readReplayableEvents(ids: readonly string[]): SQL<ReplayableEvent> {
  return sql<ReplayableEvent>`
    select e.id, e.payload, e.own, e.invalid, coalesce((
      select json_agg(${policyObject("d")} order by d.id)
      from eventhub.dispatches d where d.event_id = e.id and d.operation_id is null and d.retry_of is null), '[]') as dispatches
    from eventhub.events e where e.id = any(${idArray(ids)}) order by e.id`;
}

/**
 * Makes these dispatches for those events that still have a payload, and advances the operation. They become due one after another at the rate.
 * Dispatches with an order draw new turns, in the order of the array. The events in `mended`, which were refused when they were stored, no longer
 * count as invalid.
 */
export function replayEvents(
  dispatches: readonly PlannedDispatch[],
  mended: readonly string[],
  perSecond: number,
  chunk: Chunk,
): SQL<NoticeRow> {
  const planned = dispatches.map((dispatch) => ({ event_id: dispatch.eventId, ...policyRow(dispatch) }));
  const ordered = hasOrder(dispatches);
  return sql<NoticeRow>`
    with ${operationAt(chunk)}, event as (
      select e.id, e.payload_bytes from op cross join eventhub.events e
      where e.id = any(${idArray([...new Set([...dispatches.map(({ eventId }) => eventId), ...mended])])}) and e.payload is not null
      order by e.id for ${mended.length === 0 ? sql`key share` : sql`no key update`} of e
    )${
      mended.length === 0
        ? sql``
        : sql`, mended as (
      update eventhub.events e set invalid = null from event where e.id = event.id and e.id = any(${idArray(mended)})
    )`
    }, wanted as (
      select op.affected, r.*, row_number() over () as n
      from op cross join json_to_recordset(${JSON.stringify(planned)}::json) as r(event_id uuid, ${policyRecord})
    ), created as (
      insert into eventhub.dispatches (id, event_id, ${policyColumns}, next_attempt_at, operation_id, waiting${ordered ? sql`, seq` : sql``})
      select eventhub.new_id(), d.event_id, ${policyOf("d")},
        now() + make_interval(secs => (d.affected + d.n - 1) / ${perSecond}::float8), ${chunk.operationId}::uuid,
        ${waitingOf("d")}${ordered ? sql`, ${turnOf("d")}` : sql``}
      from (select wanted.* from wanted join event on event.id = wanted.event_id order by wanted.n) d
      returning *
    ), ${operationMoves(chunk, sql`created`)}
    select ${noticeColumns} from created d join event e on e.id = d.event_id`;
}
