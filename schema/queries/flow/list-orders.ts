import { type SQL, sql } from "drizzle-orm";
import { HOLDS, orderWait } from "../../flow-literals.ts";
import { allOf } from "../fragments/list-conditions.ts";
import {
  type FlowConditions,
  type FlowListOptions,
  type FlowRow,
  looksFurther,
  MAX_COUNTED,
  MAX_LOOKED_KEYS,
} from "./list-flows.ts";

/** The first dispatch of the next key of an order that meets the condition: one step along an index. */
const step = (where: SQL): SQL => sql`
  select d.destination, d.order_key from eventhub.dispatches d where d.seq is not null and d.status = 'ongoing' and ${where}
  order by d.destination, d.order_key, d.seq limit 1`;

/**
 * Keys of orders as in the view `flow_orders`, but at most {@link MAX_COUNTED} dispatches per key are counted, and {@link MAX_LOOKED_KEYS} keys
 * looked at.
 */
export function listOrders(conditions: FlowConditions, options: FlowListOptions): SQL<FlowRow | { destination: null }> {
  const { destination, key, waitingFor, held } = conditions;
  const { limit, order, after } = options;
  const most = order === "busiest" || looksFurther(conditions) ? Math.max(MAX_LOOKED_KEYS, limit) : limit;
  const where = (t: SQL, column: SQL) =>
    allOf([
      ...(destination === undefined ? [] : [sql`${t}.destination = ${destination}`]),
      ...(key === undefined ? [] : [sql`${t}.${column} = ${key}`]),
      ...(after === undefined ? [] : [sql`(${t}.destination, ${t}.${column}) > (${after.destination}, ${after.key})`]),
    ]);
  const dispatches = where(sql`d`, sql`order_key`);
  return sql<FlowRow | { destination: null }>`
    with recursive ongoing(destination, key) as (
      (${step(dispatches)})
      union all
      select x.* from ongoing o cross join lateral (
        ${step(sql`(d.destination, d.order_key) > (o.destination, o.key) and ${dispatches}`)}) x
    ), holding as materialized (
      select h.id, h.destination, h.order_key as key, h.seq from eventhub.dispatches h
      where ${HOLDS} and ${where(sql`h`, sql`order_key`)}
    ), known as materialized (
      select n.destination, n.key from (
        (select * from ongoing limit ${most})
        union (select h.destination, h.key from holding h order by 1, 2 limit ${most})
        union (select q.destination, q.key from eventhub.paused_orders q where ${where(sql`q`, sql`key`)} order by 1, 2 limit ${most})
      ) n order by n.destination, n.key limit ${most}
    ), seen as materialized (
      select n.destination, n.key, q.paused_at, q.pause_reason, d.id as head, d.next_attempt_at as oldest_due, h.held, h.held_by,
        ${orderWait(sql`h.held_by`)} as waiting_for, case when d.next_attempt_at > now() then d.next_attempt_at when k.wake_at > now() then k.wake_at end as wake_at,
        (select count(*)::int from (select from eventhub.dispatches o where o.destination = n.destination and o.order_key = n.key
          and o.seq is not null and o.status = 'ongoing' and o.lease_until is null limit ${MAX_COUNTED}) o) as waiting
      from known n
      left join eventhub.paused_orders q on q.destination = n.destination and q.key = n.key
      left join lateral (
        select d.id, d.next_attempt_at, d.lease_until, d.flow_key from eventhub.dispatches d
        where d.destination = n.destination and d.order_key = n.key and d.seq is not null and d.status = 'ongoing' order by d.seq limit 1) d on true
      left join lateral (
        select count(*)::int as held, (array_agg(h.id order by h.seq))[1] as held_by from holding h where h.destination = n.destination and h.key = n.key) h on true
      left join eventhub.flow_keys k on k.destination = n.destination and k.key = d.flow_key
      left join eventhub.flow_destinations f on f.destination = n.destination
      left join eventhub.destinations p on p.name = n.destination
    ), found as materialized (
      select * from seen n where ${allOf([
        ...(waitingFor === undefined ? [] : [sql`n.waiting_for = any(${`{${waitingFor.join(",")}}`}::text[])`]),
        ...(held === undefined ? [] : [sql`(n.held > 0) = ${held}`]),
      ])}
      order by ${order === "busiest" ? sql`n.waiting desc, ` : sql``}n.destination, n.key limit ${limit}
    ), looked as (
      select count(*)::int as looked, (select k.destination from known k order by k.destination desc, k.key desc limit 1) as last_destination,
        (select k.key from known k order by k.destination desc, k.key desc limit 1) as last_key
      from known
    )
    select looked.*, n.*, 0 as behind, null as calls_last_minute, null as override, null as override_until,
      case when n.held > 0 then n.key end as held_order,
      (select count(*)::int from eventhub.flights v where v.destination = n.destination and v.order_key = n.key) as in_flight
    from looked left join found n on true
    order by ${order === "busiest" ? sql`n.waiting desc, ` : sql``}n.destination, n.key`;
}
