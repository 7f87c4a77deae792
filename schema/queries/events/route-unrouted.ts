import { type SQL, sql } from "drizzle-orm";
import { policyRow } from "../../config/policy.ts";
import type { EventPayload } from "../../contract/index.ts";
import type { InvalidEvent } from "../../contract/invalid.ts";
import { hasOrder, turnOf, waitingOf } from "../fragments/draw-turns.ts";
import { idArray } from "../fragments/list-conditions.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { policyColumns, policyOf, policyRecord } from "../fragments/policy-sql.ts";
import { FIRST_ID, type PlannedDispatch } from "./store-events.ts";

/** An event that was written in SQL and waits for its dispatches. */
export interface UnroutedEvent {
  id: string;
  payload: EventPayload;
  traceparent: string | null;
  /** Whether the hub itself emitted it: if no route matches it, it is deleted. */
  own: boolean;
}

/** The oldest unrouted events after an id, with payloads of about `maxBytes` altogether. */
export function findUnrouted(limit: number, maxBytes: number, after = FIRST_ID): SQL<UnroutedEvent> {
  return sql<UnroutedEvent>`
    select id, payload, traceparent, own from (
      select id, payload, traceparent, own, payload_bytes, sum(payload_bytes) over (order by id) as total
      from (select * from eventhub.events where not routed and id > ${after}::uuid order by id limit ${limit}) oldest
    ) summed where total - payload_bytes < ${maxBytes} order by id`;
}

/** What is wrong with an unrouted event, according to the definition of its kind. */
export interface InvalidUnrouted extends InvalidEvent {
  id: string;
}

/** A dispatch of an unrouted event, due in `delaySeconds` from now. */
export interface RoutedDispatch extends PlannedDispatch {
  delaySeconds: number;
}

/**
 * Makes the dispatches of unrouted events, and deletes the hub's own events that no route matches. If two Workers run it at once, the second finds
 * the events routed and makes nothing. Invalid events are stored with their faults. Dispatches with an order draw their turns in the order of the
 * array.
 */
export function routeUnrouted(
  ids: readonly string[],
  dispatches: readonly RoutedDispatch[],
  unwanted: readonly string[],
  invalid: readonly InvalidUnrouted[] = [],
): SQL<NoticeRow> {
  const planned = JSON.stringify(
    dispatches.map((dispatch) => ({
      event_id: dispatch.eventId,
      ...policyRow(dispatch),
      delay_seconds: dispatch.delaySeconds,
    })),
  );
  const ordered = hasOrder(dispatches);
  return sql<NoticeRow>`
    with unrouted as materialized (
      select e.id, e.own from eventhub.events e where e.id = any(${idArray([...ids, ...unwanted])}) and not e.routed
      order by e.id for update of e
    ), removed as (
      delete from eventhub.events e using unrouted u where e.id = u.id and u.own and e.id = any(${idArray(unwanted)})
    ), routed as (
      update eventhub.events e set routed = true${marks(invalid)} from unrouted u where e.id = u.id and e.id = any(${idArray(ids)})
      returning e.id, e.payload_bytes
    ), created as (
      insert into eventhub.dispatches (id, event_id, ${policyColumns}, next_attempt_at, waiting${ordered ? sql`, seq` : sql``})
      select eventhub.new_id(), r.event_id, ${policyOf("r")}, now() + make_interval(secs => r.delay_seconds),
        ${waitingOf("r")}${ordered ? sql`, ${turnOf("r")}` : sql``}
      from ${ordered ? inTurn(planned) : sql`json_to_recordset(${planned}::json) as r(${dispatchRecord}) join routed on routed.id = r.event_id`}
      returning *
    )
    select ${noticeColumns} from created d join routed e on e.id = d.event_id`;
}

const marks = (invalid: readonly InvalidUnrouted[]): SQL =>
  invalid.length === 0
    ? sql``
    : sql`, invalid = (${JSON.stringify(Object.fromEntries(invalid.map(({ id, refused, faults }) => [id, { refused, faults }])))}::jsonb) -> e.id::text`;

const dispatchRecord = sql`event_id uuid, ${policyRecord}, delay_seconds float8`;

/** The planned dispatches of events that this statement routes, in the order of the array. */
const inTurn = (planned: string): SQL => sql`(
        select planned.* from rows from (json_to_recordset(${planned}::json) as (${dispatchRecord})) with ordinality as planned
        join routed on routed.id = planned.event_id order by planned.ordinality
      ) r`;
