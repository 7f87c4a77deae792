import { type SQL, sql } from "drizzle-orm";
import { HOLDING } from "../../flow-literals.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

/*
 * What operators do with keys. Each of these statements follows `lockFlow` in its transaction, so that nobody takes a dispatch that is being paused,
 * and advances an operation that was started before.
 */

/** One key of a destination with limits or an order. */
export interface FlowKey {
  destination: string;
  key: string;
}

/** What is known about a key, whether of limits or of an order. */
export interface KnownKey {
  limits: boolean;
  order: boolean;
  paused_limits: boolean;
  paused_order: boolean;
  /** Whether a limit used keys when somebody last took dispatches; null if nobody has. */
  keyed: boolean | null;
  /** Whether the newest dispatch of the destination that has limits or an order is in an order. */
  ordered: boolean | null;
}

/**
 * Whether the key is known to the destination's limits and to an order, whether it is paused in each, and whether the destination uses keys and
 * orders at all.
 */
export function readKnownKey({ destination, key }: FlowKey): SQL<KnownKey> {
  const at = sql`destination = ${destination}`;
  return sql<KnownKey>`
    select exists (select from eventhub.flow_keys where ${at} and key = ${key})
        or exists (select from eventhub.dispatches where ${at} and flow_key = ${key} and waiting and status = 'ongoing') as limits,
      exists (select from eventhub.dispatches where ${at} and order_key = ${key} and seq is not null and status = 'ongoing')
        or exists (select from eventhub.dispatches where ${at} and order_key = ${key} and held) as "order",
      exists (select from eventhub.flow_keys where ${at} and key = ${key} and paused_at is not null) as paused_limits,
      exists (select from eventhub.paused_orders where ${at} and key = ${key}) as paused_order,
      (select rules <> '{}' from eventhub.flow_destinations where ${at}) as keyed,
      (select order_key is not null from eventhub.dispatches where ${at} and flow_key is not null order by id desc limit 1) as ordered`;
}

/** The waiting dispatches of a key: an operation counts them as what it paused or resumed. */
const waitingOf = ({ destination, key }: FlowKey): SQL => sql`
  waiting as (
    select d.id from op cross join eventhub.dispatches d
    where d.destination = ${destination} and d.flow_key = ${key} and d.waiting and d.status = 'ongoing'
  )`;

/** Pauses a key; if it is already paused, a new reason replaces the old one. Calls in flight go on. */
export function pauseKey(flow: FlowKey, reason: string | null, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, paused as (
      insert into eventhub.flow_keys as k (destination, key, ready, paused_at, pause_reason)
      select ${flow.destination}, ${flow.key}, false, now(), ${reason} from op
      on conflict (destination, key) do update set ready = false, blocked = null, wake_at = null, paused_at = coalesce(k.paused_at, now()),
        pause_reason = coalesce(excluded.pause_reason, k.pause_reason), touched_at = now()
    ), ${waitingOf(flow)}, ${operationMoves(chunk, sql`waiting`)}
    select from op`;
}

/** Resumes a key. {@link wakeKey} then wakes it. */
export function resumeKey(flow: FlowKey, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, resumed as (
      update eventhub.flow_keys k set paused_at = null, pause_reason = null, touched_at = now()
      from op where k.destination = ${flow.destination} and k.key = ${flow.key}
    ), ${waitingOf(flow)}, ${operationMoves(chunk, sql`waiting`)}
    select from op`;
}

/** The dispatches of an order that are not being called yet; counted for the same purpose. */
const orderedOf = ({ destination, key }: FlowKey): SQL => sql`
  ordered as (
    select d.id from op cross join eventhub.dispatches d
    where d.destination = ${destination} and d.order_key = ${key} and d.seq is not null and d.status = 'ongoing' and d.lease_until is null
  )`;

/** Pauses a key of an order. When it is resumed, its first dispatch is determined anew. Calls in flight go on. */
export function pauseOrder(flow: FlowKey, reason: string | null, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, paused as (
      insert into eventhub.paused_orders as q (destination, key, pause_reason)
      select ${flow.destination}, ${flow.key}, ${reason} from op
      on conflict (destination, key) do update set pause_reason = coalesce(excluded.pause_reason, q.pause_reason)
    ), stopped as (
      update eventhub.dispatches d set head = null, waiting = false
      from op where d.destination = ${flow.destination} and d.order_key = ${flow.key} and d.head and d.waiting and d.status = 'ongoing'
    ), ${orderedOf(flow)}, ${operationMoves(chunk, sql`ordered`)}
    select from op`;
}

/** Resumes a key of an order. {@link ripenOrder} then makes its first dispatch ready. */
export function resumeOrder(flow: FlowKey, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, resumed as (
      delete from eventhub.paused_orders q using op where q.destination = ${flow.destination} and q.key = ${flow.key}
    ), ${orderedOf(flow)}, ${operationMoves(chunk, sql`ordered`)}
    select from op`;
}

/** Puts a key into line if it has something due, or schedules it for when something is. */
export function wakeKey({ destination, key }: FlowKey): SQL<never> {
  return sql<never>`
    select eventhub.flow_wake(${destination}, ${key}, d.next_attempt_at) from (
      select next_attempt_at from eventhub.dispatches
      where destination = ${destination} and flow_key = ${key} and waiting and status = 'ongoing' order by next_attempt_at limit 1) d`;
}

/** Lets an order go on without the dispatches that failed for good and were not retried. {@link ripenOrder} then makes its first dispatch ready. */
export function releaseOrder(destination: string, orderKey: string, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, target as materialized (
      select d.id from op cross join eventhub.dispatches d
      where d.destination = ${destination} and d.order_key = ${orderKey} and d.held
        and not exists (select from eventhub.dispatches r where r.retry_of = d.id)
      ${inLockOrder}
    ), released as (
      update eventhub.dispatches d set held = null from target where d.id = target.id returning d.id
    ), ${operationMoves(chunk, sql`released`)}
    select from op`;
}

/** Makes the first dispatch of an order ready to be called, if nothing holds the order. */
export function ripenOrder(destination: string, orderKey: string): SQL<never> {
  return sql<never>`select eventhub.flow_ripen(${destination}, array[${orderKey}]::text[])`;
}

/** The dispatches that failed for good and hold an order, in their order. */
export function readHolding(destination: string, orderKey: string): SQL<{ id: string }> {
  return sql<{ id: string }>`
    select h.id from (select ${destination}::text as destination, ${orderKey}::text as order_key) d
    join eventhub.dispatches h on ${HOLDING} order by h.seq`;
}

/** The dispatch whose message tells the executor that a key may go on: the one of the key that is due first. */
export function noticeOfKey({ destination, key }: FlowKey): SQL<NoticeRow> {
  return sql<NoticeRow>`
    select ${noticeColumns} from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
    where d.destination = ${destination} and d.flow_key = ${key} and d.waiting and d.status = 'ongoing' order by d.next_attempt_at limit 1`;
}

/** The same for an order: its first dispatch. */
export function noticeOfOrder(destination: string, orderKey: string): SQL<NoticeRow> {
  return sql<NoticeRow>`
    select ${noticeColumns} from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
    where d.destination = ${destination} and d.order_key = ${orderKey} and d.seq is not null and d.status = 'ongoing' order by d.seq limit 1`;
}
