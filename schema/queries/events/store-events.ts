import { type SQL, sql } from "drizzle-orm";
import type { Policy } from "../../config/policy.ts";
import type { InvalidEvent } from "../../contract/invalid.ts";
import { byIdempotencyKey } from "../fragments/lock-order.ts";
import { flowPolicy, type PolicyFragments, plainPolicy } from "../fragments/policy.ts";
import { hasFlow, hasOrder, turnOf, waitingOf } from "../fragments/turns.ts";

/** One event to store, with its payload as the JSON text that was measured. */
export interface NewEvent {
  id: string;
  payloadJson: string;
  payloadBytes: number;
  idempotencyKey: string | undefined;
  idempotencyIndex: number;
  traceparent: string | undefined;
  causedBy: string | undefined;
  hops: number;
  /** It was emitted as a CloudEvent; `undefined` if that is not known. */
  cloudEvent?: boolean | undefined;
  /** What is wrong with it by the definition of its kind, if it is stored all the same. */
  invalid?: InvalidEvent | undefined;
}

/** A dispatch that a route makes of an event. */
export interface PlannedDispatch extends Policy {
  eventId: string;
}

/** One to store with its event. */
export interface NewDispatch extends PlannedDispatch {
  id: string;
  /** Seconds from the commit, by the database's clock, unless `deliverAt` says when. */
  delaySeconds: number;
  deliverAt: Date | undefined;
}

export interface StoredAnswer {
  unrouted: boolean;
  /** By the database's clock, in milliseconds since 1970. */
  now_ms: number;
}

/**
 * Stores events with their dispatches. An event whose key (or id) is there already is left out together with its dispatches; so the
 * statement can be repeated, and of two racing calls with one key the second waits for the first and then stores nothing: in the order of the
 * keys, so that two calls do not wait for each other. By the way it says whether events wait that were written in SQL: the oldest, since asked
 * with `exists` a planner without statistics reads the whole table; and what time it is. Dispatches that are called in an order draw their turns
 * as they stand here.
 */
export function storeEvents(events: readonly NewEvent[], dispatches: readonly NewDispatch[]): SQL<StoredAnswer> {
  const { policy, columns, values, from } = shapeOf(dispatches);
  // Nobody pays for what few events have.
  const marked = events.some(({ invalid }) => invalid !== undefined);
  const [mark, record] = marked ? [sql`, invalid`, sql`, invalid jsonb`] : [sql``, sql``];
  return sql<StoredAnswer>`
    with new_event as (
      insert into eventhub.events (id, payload, payload_bytes, idempotency_key, idempotency_index, traceparent, caused_by, hops, cloud_event${mark})
      select id, payload, payload_bytes, idempotency_key, idempotency_index, traceparent, caused_by, hops, cloud_event${mark}
      from json_to_recordset(${eventsJson(byIdempotencyKey(events))}::json) as e(id uuid, payload jsonb, payload_bytes int, idempotency_key text,
        idempotency_index int, traceparent text, caused_by uuid, hops int, cloud_event boolean${record})
      on conflict do nothing
      returning id
    ), new_dispatch as (
    insert into eventhub.dispatches
      (id, event_id, ${policy.columns}, next_attempt_at${columns})
    select d.id, d.event_id, ${policy.values("d")},
      case when d.deliver_at is null then now() + make_interval(secs => d.delay_seconds) else greatest(d.deliver_at, now()) end${values}
    from ${from}
    )
    select (select id from eventhub.events where not routed order by id limit 1) is not null as unrouted,
      (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms`;
}

/** What of the statement its dispatches make: without limits and order it has nothing of them, and it sorts where several turns are drawn. */
function shapeOf(dispatches: readonly NewDispatch[]): {
  policy: PolicyFragments;
  columns: SQL;
  values: SQL;
  from: SQL;
} {
  const ordered = hasOrder(dispatches);
  const policy = hasFlow(dispatches) ? flowPolicy : plainPolicy;
  const json = dispatchesJson(dispatches, policy);
  const record = sql`id uuid, event_id uuid, ${policy.record},
      delay_seconds float8, deliver_at timestamptz`;
  const sorted = sql`(
      select planned.* from rows from (json_to_recordset(${json}::json) as (${record})) with ordinality as planned
      join new_event on new_event.id = planned.event_id order by planned.ordinality
    ) d`;
  const joined = sql`json_to_recordset(${json}::json) as d(${record})
    join new_event on new_event.id = d.event_id`;
  const from = ordered && dispatches.length > 1 ? sorted : joined;
  if (ordered) return { policy, columns: sql`, waiting, seq`, values: sql`, ${waitingOf("d")}, ${turnOf("d")}`, from };
  if (policy === flowPolicy) return { policy, columns: sql`, waiting`, values: sql`, ${waitingOf("d")}`, from };
  return { policy, columns: sql``, values: sql``, from };
}

/** The payload goes in as the text it is: parsing and printing it again would be most of the work. */
function eventsJson(events: readonly NewEvent[]): string {
  const items = events.map((event) => {
    const rest = JSON.stringify({
      id: event.id,
      payload_bytes: event.payloadBytes,
      idempotency_key: event.idempotencyKey,
      idempotency_index: event.idempotencyIndex,
      traceparent: event.traceparent,
      caused_by: event.causedBy,
      hops: event.hops,
      cloud_event: event.cloudEvent,
      invalid: event.invalid,
    });
    return `${rest.slice(0, -1)},"payload":${event.payloadJson}}`;
  });
  return `[${items.join(",")}]`;
}

function dispatchesJson(dispatches: readonly NewDispatch[], policy: PolicyFragments): string {
  return JSON.stringify(
    dispatches.map((dispatch) => ({
      id: dispatch.id,
      event_id: dispatch.eventId,
      ...policy.row(dispatch),
      delay_seconds: dispatch.delaySeconds,
      deliver_at: dispatch.deliverAt,
    })),
  );
}
