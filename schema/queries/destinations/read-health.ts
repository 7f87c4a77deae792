import { type SQL, sql } from "drizzle-orm";
import { MAX_HEALTH_SAMPLE } from "../../contract/operator.ts";
import { CALLED, ofEach } from "../../status-literals.ts";
import { FINAL_STATUSES, type StatusThatIs } from "../../vocabulary/statuses.ts";

/** The most results that are sampled over all destinations: each takes a look-up in the table, about 4 µs. */
const MAX_SAMPLED_IN_ALL = 5_000;

/**
 * The sample is chosen by the microsecond of each result, modulo this number. It is prime, so that times in whole milliseconds or seconds spread as
 * evenly.
 */
export const GRAINS = 9_973;

/** Counts by final status, and percentiles. */
export type DestinationHealthRow = Record<StatusThatIs<"final">, number> & {
  destination: string;
  period: "hour" | "day";
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
};

/**
 * Like the view `destination_health`, for one destination or for all. Where there are many results, the percentiles come from a sample, which takes
 * less than half the time: the index alone counts the results and chooses the sample, and only the sample is looked up in the table.
 */
export function readHealth(destination?: string): SQL<DestinationHealthRow> {
  const ofOne = destination === undefined ? sql`` : sql`and d.destination = ${destination}`;
  return sql<DestinationHealthRow>`
    with counted as materialized (
      select d.destination, d.status, d.resulted_at >= now() - interval '1 hour' as recent, count(*)::int as dispatches
      from eventhub.dispatches d
      where d.resulted_at >= now() - interval '24 hours' ${ofOne}
      group by 1, 2, 3
    ), periods as materialized (
      select c.destination, p.period,
        ${ofEach(FINAL_STATUSES, (status) => `sum(c.dispatches) filter (where c.status = '${status}') as ${status}`)},
        sum(c.dispatches) filter (where c.status in ${CALLED}) as called
      from counted c join (values ('hour'), ('day')) as p(period) on p.period = 'day' or c.recent
      group by c.destination, p.period
    ), grains as materialized (
      select p.destination,
        max(p.grains) filter (where p.period = 'hour') as hour,
        max(p.grains) filter (where p.period = 'day') as day
      from (
        select destination, period, ${GRAINS}::float8 * least(${MAX_HEALTH_SAMPLE}::float8,
          ${MAX_SAMPLED_IN_ALL}::float8 / count(*) over (partition by period)) / nullif(called, 0)::float8 as grains
        from periods
      ) p group by p.destination
    ), chosen as materialized (
      select distinct d.destination, d.resulted_at, d.grain < g.day as of_day, d.resulted_at >= now() - interval '1 hour' as of_hour
      from grains g join (
        select d.destination, d.resulted_at, (date_part('epoch', d.resulted_at) * 1000000)::bigint % ${GRAINS}::bigint as grain
        from eventhub.dispatches d
        where d.resulted_at >= now() - interval '24 hours' and d.status in ${CALLED} ${ofOne}
      ) d on d.destination = g.destination
      where d.grain < g.day or (d.resulted_at >= now() - interval '1 hour' and d.grain < g.hour)
    ), timed as materialized (
      select c.destination, c.of_day, c.of_hour, t.ms
      from chosen c cross join lateral (
        select extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 as ms from eventhub.dispatches d
        where d.resulted_at = c.resulted_at and d.destination = c.destination and d.status in ${CALLED}
        offset 0
      ) t
    ), percentiles as (
      select t.destination, p.period, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by t.ms) as ms
      from timed t join (values ('hour'), ('day')) as p(period) on (p.period = 'day' and t.of_day) or (p.period = 'hour' and t.of_hour)
      group by t.destination, p.period
    )
    select p.destination, p.period,
      ${ofEach(FINAL_STATUSES, (status) => `coalesce(p.${status}, 0)::int as ${status}`)},
      round(l.ms[1])::int as p50_ms, round(l.ms[2])::int as p95_ms, round(l.ms[3])::int as p99_ms
    from periods p left join percentiles l on l.destination = p.destination and l.period = p.period
    order by p.destination, p.period`;
}
