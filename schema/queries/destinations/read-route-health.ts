import { type SQL, sql } from "drizzle-orm";
import { CALLED, CALLED_OFF, DELIVERED } from "../../status-literals.ts";
import { GRAINS } from "./read-health.ts";

/** About how many results are sampled for one destination, over all its routes. With no more results than this, the numbers are exact. */
export const MAX_ROUTE_SAMPLE = 5_000;

/** The most results that are sampled over all destinations: each takes a look-up in the table, about 4 µs. */
const MAX_SAMPLED_IN_ALL = 20_000;

export interface RouteHealthRow {
  destination: string;
  route: string;
  sampled: number;
  exact: boolean;
  results: number;
  delivered: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

/**
 * How each route did in the last 24 hours. No index contains routes. So, as in `readHealth`, the index alone counts the results of each destination
 * and chooses a sample; only the sample is looked up in the table and grouped by route.
 *
 * @param destination Default: all
 */
export function readRouteHealth(destination?: string): SQL<RouteHealthRow> {
  const within = sql`d.resulted_at >= now() - interval '24 hours' and d.status not in ${CALLED_OFF}
    ${destination === undefined ? sql`` : sql`and d.destination = ${destination}`}`;
  return sql<RouteHealthRow>`
    with counted as materialized (
      select d.destination, count(*) as n from eventhub.dispatches d where ${within} group by d.destination
    ), grains as materialized (
      select c.destination, c.n,
        ${GRAINS}::float8 * least(${MAX_ROUTE_SAMPLE}::float8, ${MAX_SAMPLED_IN_ALL}::float8 / count(*) over ()) / c.n as grains
      from counted c
    ), chosen as materialized (
      select distinct d.destination, d.resulted_at
      from grains g join (
        select d.destination, d.resulted_at, (date_part('epoch', d.resulted_at) * 1000000)::bigint % ${GRAINS}::bigint as grain
        from eventhub.dispatches d where ${within}
      ) d on d.destination = g.destination and d.grain < g.grains
    ), looked_up as materialized (
      select c.destination, t.route, t.status, t.ms
      from chosen c cross join lateral (
        select d.route, d.status, extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 as ms
        from eventhub.dispatches d
        where d.resulted_at = c.resulted_at and d.destination = c.destination and d.status not in ${CALLED_OFF}
        offset 0
      ) t
    ), routes as (
      select l.destination, l.route, count(*)::int as sampled,
        (count(*) filter (where l.status in ${DELIVERED}))::int as delivered,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by l.ms) filter (where l.status in ${CALLED}) as ms,
        count(*)::float8 / sum(count(*)) over (partition by l.destination) as share
      from looked_up l group by l.destination, l.route
    )
    select r.destination, r.route, r.sampled, g.grains >= ${GRAINS} as exact, round(r.share * g.n)::int as results, r.delivered,
      round(r.ms[1])::int as p50_ms, round(r.ms[2])::int as p95_ms, round(r.ms[3])::int as p99_ms
    from routes r join grains g on g.destination = r.destination
    order by r.destination, r.route`;
}
