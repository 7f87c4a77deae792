import { type SQL, sql } from "drizzle-orm";
import { callsLastMinute, HOLDS, keyWait } from "../../flow-literals.ts";
import type { KeyWait } from "../../vocabulary/statuses.ts";
import { allOf } from "../fragments/list-conditions.ts";

/** The most keys that one call looks at to find those that wait for something. */
export const MAX_LOOKED_KEYS = 1_000;

/** The most dispatches of a key that are counted; a larger number is reported as this. */
export const MAX_COUNTED = 10_000;

/** The most ordered dispatches of a destination that one call looks at, to count those behind others. */
const MAX_BEHIND = 20_000;

/** Which keys to list. A key must meet all conditions that are given. */
export interface FlowConditions {
  destination: string | undefined;
  key: string | undefined;
  waitingFor: readonly KeyWait[] | undefined;
  held: boolean | undefined;
}

export interface FlowListOptions {
  /** The most keys to return. */
  limit: number;
  /** `busiest`: those with the most waiting first, among the first {@link MAX_LOOKED_KEYS} keys. */
  order: "key" | "busiest";
  /** Where to continue: the last key of the previous page. */
  after: { destination: string; key: string } | undefined;
}

export interface FlowRow {
  destination: string;
  key: string;
  waiting: number;
  behind: number;
  in_flight: number;
  /** Null for a key of an order. */
  calls_last_minute: number | null;
  oldest_due: Date | null;
  waiting_for: KeyWait | null;
  wake_at: Date | null;
  paused_at: Date | null;
  pause_reason: string | null;
  held: number;
  held_by: string | null;
  held_order: string | null;
  /** For a key of an order: its first dispatch. */
  head: string | null;
  override: Readonly<Record<string, unknown>> | null;
  override_until: Date | null;
  /** How many keys were looked at, and the last of them. */
  looked: number;
  last_destination: string;
  last_key: string;
}

/** Whether a list has to look at keys that it does not return. */
export const looksFurther = ({ waitingFor, held }: FlowConditions): boolean =>
  waitingFor !== undefined || held !== undefined;

/**
 * Keys as in the view `flow`, but with bounded counts: at most {@link MAX_COUNTED} waiting dispatches per key, and those behind others only among
 * {@link MAX_BEHIND} of a destination.
 */
export function listFlows(conditions: FlowConditions, options: FlowListOptions): SQL<FlowRow | { destination: null }> {
  const { destination, key, waitingFor, held } = conditions;
  const { limit, order, after } = options;
  const most = order === "busiest" || looksFurther(conditions) ? Math.max(MAX_LOOKED_KEYS, limit) : limit;
  const where = (t: SQL, column: SQL) =>
    allOf([
      ...(destination === undefined ? [] : [sql`${t}.destination = ${destination}`]),
      ...(key === undefined ? [] : [sql`${t}.${column} = ${key}`]),
      ...(after === undefined ? [] : [sql`(${t}.destination, ${t}.${column}) > (${after.destination}, ${after.key})`]),
    ]);
  const waiting = (columns: SQL, bound: number) => sql`(select ${columns} from (
      select d.next_attempt_at from eventhub.dispatches d
      where d.destination = n.destination and d.flow_key = n.key and d.waiting and d.status = 'ongoing' order by d.next_attempt_at limit ${bound}) d)`;
  return sql<FlowRow | { destination: null }>`
    with holding as materialized (
      select h.id, h.destination, h.flow_key as key, h.order_key, h.seq from eventhub.dispatches h
      where ${HOLDS} ${destination === undefined ? sql`` : sql`and h.destination = ${destination}`}
    ), known as materialized (
      select n.destination, n.key from (
        (select k.destination, k.key from eventhub.flow_keys k where ${where(sql`k`, sql`key`)} order by k.destination, k.key limit ${most})
        union
        (select h.destination, h.key from holding h where ${where(sql`h`, sql`key`)} order by h.destination, h.key limit ${most})
      ) n order by n.destination, n.key limit ${most}
    ), seen as materialized (
      select n.destination, n.key, k.paused_at, k.pause_reason, k.wake_at, k.override, k.override_until,
        coalesce(${callsLastMinute("k")}, 0) as calls_last_minute,
        ${keyWait(sql`${waiting(sql`count(*)`, 1)} > 0`)} as waiting_for,
        (select count(*)::int from holding h where h.destination = n.destination and h.key = n.key) as held
      from known n
      left join eventhub.flow_keys k on k.destination = n.destination and k.key = n.key
      left join eventhub.flow_destinations f on f.destination = n.destination
      left join eventhub.destinations p on p.name = n.destination
    ), found as materialized (
      select * from seen n where ${allOf([
        ...(waitingFor === undefined ? [] : [sql`n.waiting_for = any(${`{${waitingFor.join(",")}}`}::text[])`]),
        ...(held === undefined ? [] : [sql`(n.held > 0) = ${held}`]),
      ])}
      order by ${order === "busiest" ? sql`${waiting(sql`count(*)`, MAX_LOOKED_KEYS)} desc, ` : sql``}n.destination, n.key limit ${limit}
    ), behind as materialized (
      select d.destination, d.flow_key as key, count(*)::int as behind
      from (select distinct destination from found) n cross join lateral (
        select d.destination, d.flow_key from eventhub.dispatches d
        where d.destination = n.destination and d.seq is not null and d.status = 'ongoing' and not d.waiting and d.lease_until is null limit ${MAX_BEHIND}
      ) d group by 1, 2
    ), looked as (
      select count(*)::int as looked, (select k.destination from known k order by k.destination desc, k.key desc limit 1) as last_destination,
        (select k.key from known k order by k.destination desc, k.key desc limit 1) as last_key
      from known
    )
    select looked.*, n.destination, n.key, n.waiting_for, n.paused_at, n.pause_reason, n.held, n.calls_last_minute, null as head,
      case when n.wake_at > now() then n.wake_at end as wake_at,
      case when n.override_until > now() then n.override end as override, case when n.override_until > now() then n.override_until end as override_until,
      ${waiting(sql`count(*)::int`, MAX_COUNTED)} as waiting, ${waiting(sql`min(d.next_attempt_at)`, 1)} as oldest_due,
      coalesce(b.behind, 0) as behind,
      (select count(*)::int from eventhub.flights v where v.destination = n.destination and v.key = n.key) as in_flight,
      h.id as held_by, h.order_key as held_order
    from looked left join found n on true
    left join behind b on b.destination = n.destination and b.key = n.key
    left join lateral (select h.id, h.order_key from holding h where h.destination = n.destination and h.key = n.key order by h.seq limit 1) h on true
    order by ${order === "busiest" ? sql`waiting desc, ` : sql``}n.destination, n.key`;
}
