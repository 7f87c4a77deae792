/** Conditions on what waits for limits or an order, for views and statements alike: literals, since a view has no parameters. */
import { type SQL, sql } from "drizzle-orm";
import { OVERDUE_AFTER } from "./status-literals.ts";

/** Of an order `d` stands in: one that failed for good holds it, and was not retried. */
export const HOLDING: SQL = sql.raw(`h.destination = d.destination and h.order_key = d.order_key and h.held
      and not exists (select from eventhub.dispatches r where r.retry_of = h.id)`);

/** What {@link ATTENDED} reads beside `d`: joined, since millions may wait, and looked up one by one they take ten times as long. */
export const ATTENDED_BY: SQL =
  sql.raw(`left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination`);

/**
 * Somebody knows that the dispatch `d` of a limited or ordered destination waits, and looks again in time; never true of a call that was begun.
 * What waits for its turn is attended as long as somebody is at work for its destination, has looked within a minute, or will at `pace_at`;
 * what follows in an order, as long as the first of it is there, is called or holds it. False where the queue's message was lost.
 */
export const ATTENDED: SQL = sql`coalesce(d.flow_key is not null and d.lease_until is null and case when d.waiting
      then k.paused_at is not null
        or (not k.ready and k.wake_at > now() - ${OVERDUE_AFTER} and (k.blocked is not null or k.wake_at < now() + ${OVERDUE_AFTER}))
        or ((k.ready or k.wake_at <= now()) and (greatest(f.looked_at, f.pace_at) >= now() - ${OVERDUE_AFTER}
          or exists (select from eventhub.flights v where v.destination = d.destination and v.until > now())))
      else exists (select from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key and o.head and o.status = 'ongoing')
        or exists (select from eventhub.dispatches h where ${HOLDING})
        or exists (select from eventhub.paused_orders q where q.destination = d.destination and q.key = d.order_key)
        or exists (select from eventhub.flights v where v.destination = d.destination and v.order_key = d.order_key) end, false)`;

/** What keeps a key `k` of a destination `f` (its pause: `p`) waiting, that has something waiting; null if it has not. */
export const keyWait = (waits: SQL): SQL => sql`case
      when k.paused_at is not null then 'pause'
      when not (${waits}) then null
      when p.paused_at is not null then 'pause'
      when k.wake_at > now() then coalesce(k.blocked, 'time')
      else coalesce(f.blocked, 'turn') end`;

/** What a key of an order waits for, the first of which is `d` (its key of limits: `k`); null while that is called, or if it has nothing. */
export const orderWait = (heldBy: SQL): SQL => sql`case
      when q.paused_at is not null then 'pause'
      when d.id is null or d.lease_until is not null then null
      when p.paused_at is not null or k.paused_at is not null then 'pause'
      when ${heldBy} is not null then 'held'
      when d.next_attempt_at > now() then 'time'
      when k.wake_at > now() then coalesce(k.blocked, f.blocked, 'turn')
      else coalesce(f.blocked, 'turn') end`;

/** Calls of the last 60 seconds of `t`, a row of `flow_keys` or `flow_destinations`: as if those of the minute before had come evenly. */
export const callsLastMinute = (t: "f" | "k" | "n"): SQL => {
  const left = sql.raw(`(1 - extract(second from now()) / 60)`);
  const [minute, calls, before] = ["minute", "calls", "calls_before"].map((column) => sql.raw(`${t}.${column}`));
  return sql`case ${minute} when date_trunc('minute', now()) then ${calls} + round(${before} * ${left})::integer
      when date_trunc('minute', now()) - interval '1 minute' then round(${calls} * ${left})::integer else 0 end`;
};

/** Most that are counted before a dispatch. */
export const MAX_AHEAD = 10_000;
