import { sql } from "drizzle-orm";
import { bigint, integer, jsonb, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { callsLastMinute, HOLDING, HOLDS, keyWait, MAX_AHEAD, orderWait } from "./flow-literals.ts";
import { eventhub } from "./tables.ts";
import { DISPATCH_WAITS, KEY_WAITS } from "./vocabulary/statuses.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: "number" });

/** One row per key of each destination with limits or an order: how much waits, what for, and what an operator has done about it. */
export const flow = eventhub
  .view("flow", {
    destination: text(),
    key: text(),
    waiting: count("waiting"),
    behind: count("behind"),
    inFlight: count("in_flight"),
    callsLastMinute: integer("calls_last_minute"),
    oldestDue: moment("oldest_due"),
    waitingFor: text("waiting_for", { enum: KEY_WAITS }),
    wakeAt: moment("wake_at"),
    pausedAt: moment("paused_at"),
    pauseReason: text("pause_reason"),
    held: count("held"),
    heldBy: uuid("held_by"),
    override: jsonb().$type<Readonly<Record<string, unknown>>>(),
    overrideUntil: moment("override_until"),
  })
  .as(sql`
  with ongoing as (
    select d.destination, d.flow_key as key, count(*) filter (where d.waiting) as waiting,
      count(*) filter (where not d.waiting and d.lease_until is null) as behind, min(d.next_attempt_at) filter (where d.waiting) as oldest_due
    from eventhub.dispatches d where d.status = 'ongoing' and d.flow_key is not null group by 1, 2
  ), flying as (
    select v.destination, v.key, count(*) as in_flight from eventhub.flights v group by 1, 2
  ), holding as (
    select h.destination, h.flow_key as key, count(*) as held, (array_agg(h.id order by h.id))[1] as held_by
    from eventhub.dispatches h
    where ${HOLDS} group by 1, 2
  ), known as (
    select destination, key from eventhub.flow_keys union select destination, key from ongoing union select destination, key from holding
  )
  select n.destination, n.key, coalesce(o.waiting, 0) as waiting, coalesce(o.behind, 0) as behind, coalesce(v.in_flight, 0) as in_flight,
    ${callsLastMinute("k")} as calls_last_minute, o.oldest_due,
    ${keyWait(sql`coalesce(o.waiting, 0) > 0`)} as waiting_for,
    case when k.wake_at > now() then k.wake_at end as wake_at, k.paused_at, k.pause_reason, coalesce(h.held, 0) as held, h.held_by,
    case when k.override_until > now() then k.override end as override, case when k.override_until > now() then k.override_until end as override_until
  from known n
  left join eventhub.flow_keys k on k.destination = n.destination and k.key = n.key
  left join eventhub.flow_destinations f on f.destination = n.destination
  left join eventhub.destinations p on p.name = n.destination
  left join ongoing o on o.destination = n.destination and o.key = n.key
  left join flying v on v.destination = n.destination and v.key = n.key
  left join holding h on h.destination = n.destination and h.key = n.key`);

/** One row per key of each order: how much of it waits, what for, and behind which dispatch. */
export const flowOrders = eventhub
  .view("flow_orders", {
    destination: text(),
    key: text(),
    limitsKey: text("limits_key"),
    waiting: count("waiting"),
    inFlight: count("in_flight"),
    oldestDue: moment("oldest_due"),
    waitingFor: text("waiting_for", { enum: KEY_WAITS }),
    head: uuid(),
    held: count("held"),
    heldBy: uuid("held_by"),
    pausedAt: moment("paused_at"),
    pauseReason: text("pause_reason"),
  })
  .as(sql`
  with ongoing as (
    select d.destination, d.order_key as key, count(*) filter (where d.lease_until is null) as waiting,
      count(*) filter (where d.lease_until is not null) as in_flight, (array_agg(d.id order by d.seq))[1] as head
    from eventhub.dispatches d where d.status = 'ongoing' and d.seq is not null group by 1, 2
  ), holding as (
    select h.destination, h.order_key as key, count(*) as held, (array_agg(h.id order by h.seq))[1] as held_by
    from eventhub.dispatches h
    where ${HOLDS} group by 1, 2
  ), known as (
    select destination, key from ongoing union select destination, key from holding union select destination, key from eventhub.paused_orders
  )
  select n.destination, n.key, d.flow_key as limits_key, coalesce(o.waiting, 0) as waiting, coalesce(o.in_flight, 0) as in_flight,
    d.next_attempt_at as oldest_due, ${orderWait(sql`h.held_by`)} as waiting_for, o.head, coalesce(h.held, 0) as held, h.held_by,
    q.paused_at, q.pause_reason
  from known n
  left join ongoing o on o.destination = n.destination and o.key = n.key
  left join holding h on h.destination = n.destination and h.key = n.key
  left join eventhub.paused_orders q on q.destination = n.destination and q.key = n.key
  left join eventhub.dispatches d on d.id = o.head
  left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination
  left join eventhub.destinations p on p.name = n.destination`);

/** What each dispatch that is not called yet waits for, for destinations with limits or an order. */
export const waitingDispatches = eventhub
  .view("waiting_dispatches", {
    destination: text(),
    key: text(),
    orderKey: text("order_key"),
    waitingFor: text("waiting_for", { enum: DISPATCH_WAITS }),
    ahead: integer(),
    head: uuid(),
    heldBy: uuid("held_by"),
    nextAttemptAt: moment("next_attempt_at"),
    attempts: integer(),
    dispatchId: uuid("dispatch_id"),
    eventId: uuid("event_id"),
    createdAt: moment("created_at"),
  })
  .as(sql`
  select d.destination, d.flow_key as key, d.order_key,
    case when p.paused_at is not null then 'pause'
      when d.next_attempt_at < p.drain_from and d.enqueued_at < p.drain_from then 'drain'
      when k.paused_at is not null or q.paused_at is not null then 'key_pause'
      when not d.waiting and exists (select from eventhub.dispatches h where ${HOLDING}) then 'held'
      when not d.waiting then 'order'
      when d.next_attempt_at > now() then 'time'
      when k.wake_at > now() then coalesce(k.blocked, f.blocked, 'turn')
      else coalesce(f.blocked, 'turn') end as waiting_for,
    case when d.waiting then (select count(*) from (select from eventhub.dispatches o where o.destination = d.destination and o.flow_key = d.flow_key
        and o.waiting and o.status = 'ongoing' and o.next_attempt_at < d.next_attempt_at limit ${sql.raw(String(MAX_AHEAD))}) x)
      else (select count(*) from (select from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key
        and o.seq is not null and o.status = 'ongoing' and o.seq < d.seq limit ${sql.raw(String(MAX_AHEAD))}) x) end::integer as ahead,
    case when not d.waiting then (select o.id from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key
      and o.seq is not null and o.status = 'ongoing' order by o.seq limit 1) end as head,
    case when not d.waiting then (select h.id from eventhub.dispatches h where ${HOLDING} order by h.seq limit 1) end as held_by,
    d.next_attempt_at, d.attempts, d.id as dispatch_id, d.event_id, d.created_at
  from eventhub.dispatches d
  left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination
  left join eventhub.destinations p on p.name = d.destination
  left join eventhub.paused_orders q on q.destination = d.destination and q.key = d.order_key
  where d.status = 'ongoing' and d.flow_key is not null and d.lease_until is null`);
