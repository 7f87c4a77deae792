import { type SQL, sql } from "drizzle-orm";
import { type NoticeRow, noticeColumns } from "./notice-columns.ts";

/** The most of a destination that one run drains, in seconds of its rate and in dispatches: bounds for the statement and its answer. */
const MAX_DRAIN_SECONDS = 300;
const MAX_DRAINED = 60_000;

/**
 * Marks as enqueued again what resumed destinations held, oldest first, as much of each as its rate allows since the last time, due one after
 * another at that rate. One that has nothing left is drained. Two runs at once take different destinations.
 */
export function drainResumed(
  rates: readonly { name: string; perSecond: number }[],
  defaultPerSecond: number,
): SQL<NoticeRow> {
  return sql<NoticeRow>`
    with draining as materialized (
      select p.name, p.drain_from, rate.per_second,
        least(ceil(rate.per_second * least(extract(epoch from now() - p.drained_at)::float8, ${MAX_DRAIN_SECONDS}))::int, ${MAX_DRAINED}) as allowed
      from eventhub.destinations p
      left join json_to_recordset(${JSON.stringify(rates)}::json) as r(name text, "perSecond" float8) on r.name = p.name
      cross join lateral (select coalesce(r."perSecond", ${defaultPerSecond}::float8) as per_second) rate
      where p.drain_from is not null and p.paused_at is null
      for update of p skip locked
    ), held as materialized (
      select d.id, p.name, p.per_second, row_number() over (partition by p.name order by d.next_attempt_at, d.id) as n
      from draining p cross join lateral (
        select d.id, d.next_attempt_at from eventhub.dispatches d
        where d.destination = p.name and d.status = 'ongoing' and d.instance_id is null and d.enqueued_at < p.drain_from
          and (d.next_attempt_at <= now() or d.generation > 0)
        order by d.next_attempt_at, d.id limit p.allowed for update skip locked
      ) d
    ), moves as (
      update eventhub.destinations p set drained_at = now(),
        drain_from = case when (select count(*) from held where held.name = p.name) < draining.allowed then null else p.drain_from end
      from draining where p.name = draining.name
    ), moved as (
      update eventhub.dispatches d set enqueued_at = now(), enqueues = 1,
        next_attempt_at = greatest(d.next_attempt_at, now() + make_interval(secs => (held.n - 1) / held.per_second))
      from held where d.id = held.id returning d.*
    )
    select ${noticeColumns} from moved d join eventhub.events e on e.id = d.event_id order by d.next_attempt_at, d.id`;
}
