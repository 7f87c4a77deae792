import { type SQL, sql } from "drizzle-orm";
import type { EventPayload } from "../../contract/index.ts";
import type { DispatchRow, EventRow } from "../fragments/row-types.ts";

export type EventDetailRow = EventRow & {
  payload: EventPayload | null;
  traceparent: string | null;
  caused_by: string | null;
};

/** One event with its payload. */
export function readEvent(id: string): SQL<EventDetailRow> {
  return sql<EventDetailRow>`
    select id, created_at, idempotency_key, payload_bytes, hops, own, routed, invalid, payload, traceparent, caused_by
    from eventhub.events where id = ${id}::uuid`;
}

/** The dispatches of one event, oldest first. An event has one for each route that matched it, and one for each retry and replay of those. */
export function readDispatchesOfEvent(eventId: string, limit: number): SQL<DispatchRow> {
  return sql<DispatchRow>`
    select * from eventhub.dispatches where event_id = ${eventId}::uuid order by id limit ${limit}`;
}
