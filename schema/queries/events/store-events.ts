import { type SQL, sql } from "drizzle-orm";
import type { Policy } from "../../config/policy.ts";
import type { InvalidEvent } from "../../contract/invalid.ts";
import type { TraceContext } from "../../trace/trace-context.ts";
import { hasFlow, hasOrder, turnOf, waitingOf } from "../fragments/draw-turns.ts";
import { byIdempotencyKey } from "../fragments/lock-order.ts";
import { flowPolicy, type PolicyFragments, plainPolicy } from "../fragments/policy-sql.ts";

/** One event to store. Its payload is the JSON text whose size was measured. */
export interface NewEvent extends Pick<TraceContext, "tracestate" | "baggage"> {
  id: string;
  payloadJson: string;
  payloadBytes: number;
  idempotencyKey: string | undefined;
  idempotencyIndex: number;
  traceparent?: string | undefined;
  causedBy: string | undefined;
  hops: number;
  /** Whether it was emitted as a CloudEvent; `undefined` if that is not known. */
  cloudEvent?: boolean | undefined;
  /** What is wrong with the event according to the definition of its kind, if it is stored nevertheless. */
  invalid?: InvalidEvent | undefined;
}

/** A dispatch that a route makes for an event. */
export interface PlannedDispatch extends Policy {
  eventId: string;
}

/** A dispatch to store with its event. */
export interface NewDispatch extends PlannedDispatch {
  id: string;
  /** Seconds from the commit, by the database's clock; `deliverAt` takes precedence. */
  delaySeconds: number;
  deliverAt: Date | undefined;
}

export interface StoredAnswer {
  unrouted: boolean;
  /** By the database's clock, in milliseconds since 1970. */
  now_ms: number;
}

/**
 * Stores events with their dispatches. An event whose key (or id) already exists is left out together with its dispatches, so the statement can be
 * repeated. If two calls with the same key race, the second waits for the first, and then stores nothing. Events are inserted in the order of their
 * keys, so that two calls never wait for each other. Dispatches with an order draw their turns in the order of the array.
 *
 * The answer also says what time it is, and whether events that were written in SQL are waiting, from an id on. It reads the oldest of them: with
 * `exists`, a planner without statistics would read the whole table.
 */
export function storeEvents(
  events: readonly NewEvent[],
  dispatches: readonly NewDispatch[],
  unroutedFrom?: string,
): SQL<StoredAnswer> {
  const { policy, columns, values, from } = shapeOf(dispatches);
  const { mark, record } = rareColumns(events);
  const ordered = byIdempotencyKey(events);
  return sql<StoredAnswer>`
    with new_event as (
      insert into eventhub.events (id, payload, payload_bytes, idempotency_key, idempotency_index, traceparent, caused_by, hops, cloud_event${mark})
      select id, string_to_table::jsonb, payload_bytes, idempotency_key, idempotency_index, traceparent, caused_by, hops, cloud_event${mark}
      from rows from (json_to_recordset(${eventsJson(ordered)}::json) as (id uuid, payload_bytes int, idempotency_key text,
        idempotency_index int, traceparent text, caused_by uuid, hops int, cloud_event boolean${record}),
        string_to_table(${payloadLines(ordered)}, e'\\n')) as e
      on conflict do nothing
      returning id
    ), new_dispatch as (
    insert into eventhub.dispatches
      (id, event_id, ${policy.columns}, next_attempt_at${columns})
    select d.id, d.event_id, ${policy.values("d")},
      case when d.deliver_at is null then now() + make_interval(secs => d.delay_seconds) else greatest(d.deliver_at, now()) end${values}
    from ${from}
    )
    select (select id from eventhub.events where not routed and id >= ${unroutedFrom ?? FIRST_ID}::uuid order by id limit 1) is not null as unrouted,
      (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms`;
}

/** The lowest id. */
export const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** The columns that few events fill. A statement has them only if one of its events needs them. */
function rareColumns(events: readonly NewEvent[]): { mark: SQL; record: SQL } {
  const marked = events.some(({ invalid }) => invalid !== undefined);
  const traced = events.some(({ tracestate, baggage }) => (tracestate ?? baggage) !== undefined);
  return {
    mark: sql`${marked ? sql`, invalid` : sql``}${traced ? sql`, tracestate, baggage` : sql``}`,
    record: sql`${marked ? sql`, invalid jsonb` : sql``}${traced ? sql`, tracestate text, baggage text` : sql``}`,
  };
}

/**
 * The parts of the statement that depend on its dispatches. Without limits and orders it lacks their columns; it sorts only if several turns are
 * drawn.
 */
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

function eventsJson(events: readonly NewEvent[]): string {
  return JSON.stringify(
    events.map((event) => ({
      id: event.id,
      payload_bytes: event.payloadBytes,
      idempotency_key: event.idempotencyKey,
      idempotency_index: event.idempotencyIndex,
      traceparent: event.traceparent,
      tracestate: event.tracestate,
      baggage: event.baggage,
      caused_by: event.causedBy,
      hops: event.hops,
      cloud_event: event.cloudEvent,
      invalid: event.invalid,
    })),
  );
}

/**
 * The payloads as the texts that they are, a line each, for JSON has no raw line break: Postgres reads each once. Inside of the events' JSON it reads
 * them three times (the check of the whole, the search for members, the payload itself).
 */
const payloadLines = (events: readonly NewEvent[]): string => events.map(({ payloadJson }) => payloadJson).join("\n");

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
