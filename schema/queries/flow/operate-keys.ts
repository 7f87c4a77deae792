import { type SQL, sql } from "drizzle-orm";
import { HOLDING } from "../../flow-literals.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

/*
 * What operators do about keys. Each of these follows `lockFlow` in its transaction, so that nobody admits what is being held meanwhile, and
 * moves an operation on that was started before.
 */

/** One key of a destination with limits or an order. */
export interface FlowKey {
  destination: string;
  key: string;
}

/** What is known of a key, of either kind. */
export interface KnownKey {
  limits: boolean;
  order: boolean;
  paused_limits: boolean;
  paused_order: boolean;
  /** Whether a limit had a key when somebody last looked what may be called; null if nobody has. */
  keyed: boolean | null;
  /** Whether the newest dispatch of the destination stands in an order. */
  ordered: boolean | null;
}

/** Whether limits of a destination have counted by a key of late, and an order holds within it; which of them is paused; and what keys it has. */
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

/** What waits of a key, for an operation to say how much it held or let go. */
const waitingOf = ({ destination, key }: FlowKey): SQL => sql`
  waiting as (
    select d.id from op cross join eventhub.dispatches d
    where d.destination = ${destination} and d.flow_key = ${key} and d.waiting and d.status = 'ongoing'
  )`;

/** Holds a key; paused again, it gets the new reason. What is called already goes on. */
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

/** Lets a key go again; {@link wakeKey} says when. */
export function resumeKey(flow: FlowKey, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, resumed as (
      update eventhub.flow_keys k set paused_at = null, pause_reason = null, touched_at = now()
      from op where k.destination = ${flow.destination} and k.key = ${flow.key}
    ), ${waitingOf(flow)}, ${operationMoves(chunk, sql`waiting`)}
    select from op`;
}

/** What is not called yet of an order, for the same. */
const orderedOf = ({ destination, key }: FlowKey): SQL => sql`
  ordered as (
    select d.id from op cross join eventhub.dispatches d
    where d.destination = ${destination} and d.order_key = ${key} and d.seq is not null and d.status = 'ongoing' and d.lease_until is null
  )`;

/** Holds a key of an order: its first is looked for anew when it is resumed. What is called already goes on. */
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

/** Lets a key of an order go again; {@link ripenOrder} says with what. */
export function resumeOrder(flow: FlowKey, chunk: Chunk): SQL<never> {
  return sql<never>`
    with ${operationAt(chunk)}, resumed as (
      delete from eventhub.paused_orders q using op where q.destination = ${flow.destination} and q.key = ${flow.key}
    ), ${orderedOf(flow)}, ${operationMoves(chunk, sql`ordered`)}
    select from op`;
}

/** Gets a key into line that has something waiting, or wakes it when that is due. */
export function wakeKey({ destination, key }: FlowKey): SQL<never> {
  return sql<never>`
    select eventhub.flow_wake(${destination}, ${key}, d.next_attempt_at) from (
      select next_attempt_at from eventhub.dispatches
      where destination = ${destination} and flow_key = ${key} and waiting and status = 'ongoing' order by next_attempt_at limit 1) d`;
}

/** Lets an order go on without what failed for good and was not retried; {@link ripenOrder} says with what. */
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

/** Lets the first of an order be called, if nothing holds it. */
export function ripenOrder(destination: string, orderKey: string): SQL<never> {
  return sql<never>`select eventhub.flow_ripen(${destination}, array[${orderKey}]::text[])`;
}

/** The dispatches that failed for good and hold an order, the first of them first. */
export function readHolding(destination: string, orderKey: string): SQL<{ id: string }> {
  return sql<{ id: string }>`
    select h.id from (select ${destination}::text as destination, ${orderKey}::text as order_key) d
    join eventhub.dispatches h on ${HOLDING} order by h.seq`;
}

/** The dispatch by which the executor is told that a key may go on: the one of it that is due first. */
export function noticeOfKey({ destination, key }: FlowKey): SQL<NoticeRow> {
  return sql<NoticeRow>`
    select ${noticeColumns} from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
    where d.destination = ${destination} and d.flow_key = ${key} and d.waiting and d.status = 'ongoing' order by d.next_attempt_at limit 1`;
}

/** The same of an order: the first of it. */
export function noticeOfOrder(destination: string, orderKey: string): SQL<NoticeRow> {
  return sql<NoticeRow>`
    select ${noticeColumns} from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
    where d.destination = ${destination} and d.order_key = ${orderKey} and d.seq is not null and d.status = 'ongoing' order by d.seq limit 1`;
}
