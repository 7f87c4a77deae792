import { type SQL, sql } from "drizzle-orm";
import { DRAIN_AHEAD_SECONDS } from "../../vocabulary/limits.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";

/** The most dispatches per destination, and the most destinations, that one statement drains. They bound its time and the size of its answer. */
const MAX_DRAINED = 5_000;
const MAX_DRAINING = 4;

/**
 * Marks dispatches that resumed destinations still hold as enqueued again: oldest first, due one after another at the destination's rate. A repeated
 * call continues where the last one ended, until it has given out the next minutes ({@link DRAIN_AHEAD_SECONDS}). When a destination has nothing
 * left, its drain ends. Two concurrent runs take different destinations.
 */
export function drainResumed(
  rates: readonly { name: string; perSecond: number }[],
  defaultPerSecond: number,
): SQL<NoticeRow> {
  return sql<NoticeRow>`
    with draining as materialized (
      select p.name, p.drain_from, rate.per_second, slot.start, least(slot.open, ${MAX_DRAINED}) as allowed
      from eventhub.destinations p
      left join json_to_recordset(${JSON.stringify(rates)}::json) as r(name text, "perSecond" float8) on r.name = p.name
      cross join lateral (select coalesce(r."perSecond", ${defaultPerSecond}::float8) as per_second) rate
      cross join lateral (select greatest(p.drained_at, now()) as start) pointer
      cross join lateral (select start,
        floor(per_second * extract(epoch from now() + make_interval(secs => ${DRAIN_AHEAD_SECONDS}) - start)::float8)::int as open) slot
      where p.drain_from is not null and p.paused_at is null and slot.open > 0
      order by p.drained_at limit ${MAX_DRAINING} for update of p skip locked
    ), held as materialized (
      select d.id, p.name, p.start + make_interval(secs => (row_number() over (partition by p.name order by d.next_attempt_at, d.id) - 1)
        / p.per_second) as due
      from draining p cross join lateral (
        select d.id, d.next_attempt_at from eventhub.dispatches d
        where d.destination = p.name and d.status = 'ongoing' and d.instance_id is null and d.enqueued_at < p.drain_from
          and (d.next_attempt_at <= now() or d.generation > 0)
        order by d.next_attempt_at, d.id limit p.allowed for update skip locked
      ) d
    ), moves as (
      update eventhub.destinations p set drained_at = draining.start + make_interval(secs => found.n / draining.per_second),
        drain_from = case when found.n < draining.allowed then null else p.drain_from end
      from draining cross join lateral (select count(*)::int as n from held where held.name = draining.name) found
      where p.name = draining.name
    ), moved as (
      update eventhub.dispatches d set enqueued_at = now(), enqueues = 1, next_attempt_at = greatest(d.next_attempt_at, held.due)
      from held where d.id = held.id returning d.*
    )
    select ${noticeColumns} from moved d join eventhub.events e on e.id = d.event_id order by d.next_attempt_at, d.id`;
}
