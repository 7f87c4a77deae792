/** Conditions on what waits for limits or an order, for views and statements alike. They are literals, since a view has no parameters. */
import { type SQL, sql } from "drizzle-orm";

/** The dispatch `h` holds its order: it failed for good, and was neither retried nor released. */
export const HOLDS: SQL = sql.raw("h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id)");

/** The dispatch `h` holds the order of `d`. */
export const HOLDING: SQL = sql`h.destination = d.destination and h.order_key = d.order_key and ${HOLDS}`;

/**
 * What keeps the waiting dispatches of a key `k` from being called; null if nothing waits and the key is not paused. `f` is its destination's flow,
 * `p` its destination's pause.
 */
export const keyWait = (waits: SQL): SQL => sql`case
      when k.paused_at is not null then 'pause'
      when not (${waits}) then null
      when p.paused_at is not null then 'pause'
      when k.wake_at > now() then coalesce(k.blocked, 'time')
      else coalesce(f.blocked, 'turn') end`;

/** What a key of an order waits for. `d` is its first dispatch, `k` that one's key of limits. Null while `d` is being called, or if there is none. */
export const orderWait = (heldBy: SQL): SQL => sql`case
      when q.paused_at is not null then 'pause'
      when d.id is null or d.lease_until is not null then null
      when p.paused_at is not null or k.paused_at is not null then 'pause'
      when ${heldBy} is not null then 'held'
      when d.next_attempt_at > now() then 'time'
      when k.wake_at > now() then coalesce(k.blocked, f.blocked, 'turn')
      else coalesce(f.blocked, 'turn') end`;

/**
 * About how many calls there were in the last 60 seconds, from `t`, a row of `flow_keys` or `flow_destinations`. Assumes that the calls of the
 * previous minute came evenly.
 */
export const callsLastMinute = (t: "f" | "k" | "n"): SQL => {
  const left = sql.raw(`(1 - extract(second from now()) / 60)`);
  const [minute, calls, before] = ["minute", "calls", "calls_before"].map((column) => sql.raw(`${t}.${column}`));
  return sql`case ${minute} when date_trunc('minute', now()) then ${calls} + round(${before} * ${left})::integer
      when date_trunc('minute', now()) - interval '1 minute' then round(${calls} * ${left})::integer else 0 end`;
};

/** The most dispatches that are counted ahead of another. */
export const MAX_AHEAD = 10_000;
