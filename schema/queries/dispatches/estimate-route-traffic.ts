/**
 * Estimates the traffic of one route. No index finds the dispatches of a route, so these statements look at a number of its destination's dispatches
 * in each slot of time. If a slot has more, the share of the route among those is taken for its share of all, which the index counts.
 */
import { type SQL, sql } from "drizzle-orm";
import { CALLED_OFF, DELIVERED, UNHAPPY } from "../../status-literals.ts";
import { buckets, idAt, type OutcomeRow, SLOTS, type TrafficRange } from "./count-traffic.ts";

/** The most dispatches of a slot that are looked at. For an hour in buckets of a minute, up to 1,000 per minute are counted exactly. */
export const ROUTE_SLOT_ROWS = 50;

/** The most ongoing dispatches that are looked at. */
const ONGOING_ROWS = 20_000;

/** A route of a destination, and the time span. */
export interface RouteRange extends TrafficRange {
  destination: string;
  route: string;
}

/** Whether there was more than was looked at. */
interface Estimate {
  estimated: boolean;
}

/**
 * Evaluates `count` over those of a destination's dispatches `x` for which `within` holds. Looks at `limit` of them at most; if there are more,
 * `times` is the factor that extrapolates to all of them, else 1.
 */
const reckoned = (within: SQL, count: SQL, limit: number): SQL => sql`
  select l.*, case when l.looked < ${limit} then 1 else greatest(1, a.n::float8 / l.looked) end as times
  from (
    select count(*) as looked, ${count} from (select d.route, d.status from eventhub.dispatches d where ${within} limit ${limit}) x
  ) l left join lateral (select count(*) as n from eventhub.dispatches d where ${within} and l.looked >= ${limit}) a on true`;

const slotOf = ({ bucketSeconds }: RouteRange, n: SQL) =>
  sql`b.at + make_interval(secs => ${bucketSeconds / SLOTS}::float8 * ${n})`;

/** Dispatches that a route made, by bucket. */
export function estimateDispatched(range: RouteRange): SQL<{ at: Date; events: number } & Estimate> {
  const within = sql`d.destination = ${range.destination}
    and d.id >= ${idAt(slotOf(range, sql`k`))} and d.id < ${idAt(slotOf(range, sql`(k + 1)`))}`;
  const count = sql`count(*) filter (where x.route = ${range.route}) as found`;
  return sql<{ at: Date; events: number } & Estimate>`
    select b.at, round(sum(s.found * s.times))::int as events, bool_or(s.times > 1) as estimated
    from ${buckets(range)} cross join generate_series(0, ${SLOTS - 1}) k
    cross join lateral (${reckoned(within, count, ROUTE_SLOT_ROWS)}) s
    group by b.at order by b.at`;
}

/** Dispatches of a route by the time at which they ended, and how. */
export function estimateOutcomes(range: RouteRange): SQL<OutcomeRow & Estimate> {
  const within = sql`d.destination = ${range.destination} and d.status not in ${CALLED_OFF}
    and d.resulted_at >= ${slotOf(range, sql`k`)} and d.resulted_at < ${slotOf(range, sql`(k + 1)`)}`;
  const count = sql`count(*) filter (where x.route = ${range.route} and x.status in ${DELIVERED}) as delivered,
    count(*) filter (where x.route = ${range.route} and x.status in ${UNHAPPY}) as failed`;
  return sql<OutcomeRow & Estimate>`
    select b.at, round(sum(s.delivered * s.times))::int as delivered, round(sum(s.failed * s.times))::int as failed,
      bool_or(s.times > 1) as estimated
    from ${buckets(range)} cross join generate_series(0, ${SLOTS - 1}) k
    cross join lateral (${reckoned(within, count, ROUTE_SLOT_ROWS)}) s
    group by b.at order by b.at`;
}

/** How many dispatches of a route are ongoing now. */
export function estimateOngoing({ destination, route }: RouteRange): SQL<{ ongoing: number } & Estimate> {
  const within = sql`d.status = 'ongoing' and d.destination = ${destination}`;
  const count = sql`count(*) filter (where x.route = ${route}) as found`;
  return sql<{ ongoing: number } & Estimate>`
    select round(s.found * s.times)::int as ongoing, s.times > 1 as estimated from (${reckoned(within, count, ONGOING_ROWS)}) s`;
}
