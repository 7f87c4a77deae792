/** The definition of an incident, for the view and the statements alike. */
import { type SQL, sql } from "drizzle-orm";
import { DELIVERED, UNHAPPY } from "./status-literals.ts";

/** The most incidents that are shown at once. */
export const MAX_INCIDENTS: SQL = sql`20`;

/** How many of the newest failures are looked at. Takes about ten milliseconds. */
const MOST_LOOKED_AT = sql`20000`;

/** The number of parts of the period by which the failures of an incident are counted. */
const PARTS = sql`24`;

/** If failures of the same kind start again after such a gap, they are another incident. */
const GAP = sql`interval '1 hour'`;

/** An incident continues if its last failure is younger than this. */
const FAILING_FOR = sql`interval '10 minutes'`;

/** How many of the newest dispatches of its destination are searched for a delivery since its last failure. */
const DELIVERIES_LOOKED_AT = sql`200`;

/** A reason without its numbers and ids: the part that similar failures share. */
export const causeOf = (reason: SQL): SQL =>
  sql`regexp_replace(left(coalesce(${reason}, ''), 200), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+', '#', 'g')`;

/** The key of the notes on an incident. It is the same whenever the incident happens again. */
export const incidentKey = (destination: SQL, status: SQL, cause: SQL): SQL =>
  sql`md5(${destination} || ' ' || ${status} || ' ' || ${cause})`;

/**
 * The dispatches that have ended without success since `since` and were not retried, as incidents: one per destination, status and cause, and another
 * one after an hour without such a failure. The worst incident comes first: by the order of magnitude of its size, then those that continue, then the
 * newest.
 *
 * Grouping by the whole reason comes first, so that few texts are searched for numbers. Rows are compared by hashes, since texts take ten times as
 * long to sort. The destination is compared as a range: with an equality, the planner may read all dispatches backwards to find the newest of a
 * destination that has few.
 */
export const incidents = (since: SQL, only: SQL = sql``): SQL => sql`
    with recent as materialized (
      select d.id, d.destination, d.status, coalesce(d.reason, '') as reason, d.resulted_at from eventhub.dispatches d
      where d.status in ${UNHAPPY} and d.resulted_at >= ${since} ${only}
      order by d.resulted_at desc limit ${MOST_LOOKED_AT}
    ), left_over as materialized (
      select r.* from recent r where not exists (select from eventhub.dispatches x where x.retry_of = r.id)
    ), causes as materialized (
      select l.reason, ${causeOf(sql`l.reason`)} as cause from left_over l group by l.reason
    ), alike as materialized (
      select l.id, l.resulted_at, hashtextextended(l.reason, 0) as reason, hashtextextended(l.destination || ' ' || l.status || ' ' || c.cause, 0) as kind
      from left_over l join causes c on c.reason = l.reason
    ), begun as (
      select a.*, coalesce(a.resulted_at - lag(a.resulted_at) over (partition by a.kind order by a.resulted_at, a.id) > ${GAP}, true)::int as begins
      from alike a
    ), numbered as materialized (
      select b.*, sum(b.begins) over (partition by b.kind order by b.resulted_at, b.id) as n,
        least(width_bucket(extract(epoch from b.resulted_at), extract(epoch from ${since}), extract(epoch from now()) + 1, ${PARTS}), ${PARTS}) as part
      from begun b
    ), parts as materialized (
      select m.kind, m.n, m.part, count(*)::int as dispatches from numbered m group by 1, 2, 3
    ), grouped as (
      select m.kind, m.n, count(*)::int as dispatches, count(distinct m.reason)::int as reasons,
        min(m.resulted_at) as first, max(m.resulted_at) as last, (array_agg(m.id order by m.resulted_at desc, m.id desc))[1] as example
      from numbered m group by 1, 2
    ), worst as materialized (
      select g.*, sum(g.dispatches) over ()::int as failed, g.last >= now() - ${FAILING_FOR} as failing
      from grouped g
      order by length(g.dispatches::text) desc, failing desc, g.last desc, g.example limit ${MAX_INCIDENTS}
    )
    select e.destination, e.status, e.reason, w.reasons, w.dispatches, w.first, w.last, w.example,
      ${incidentKey(sql`e.destination`, sql`e.status`, causeOf(sql`e.reason`))} as key,
      case when w.failing then 'failing' when d.since then 'stopped' else 'quiet' end as state,
      (select array_agg(coalesce(p.dispatches, 0) order by t.part) from generate_series(1, ${PARTS}) t(part)
        left join parts p on p.kind = w.kind and p.n = w.n and p.part = t.part) as over_time,
      w.failed, (select count(*)::int from recent) as looked
    from worst w
    join eventhub.dispatches e on e.id = w.example
    cross join lateral (
      select coalesce(bool_or(d.status in ${DELIVERED} and d.resulted_at > w.last), false) as since
      from (
        select d.status, d.resulted_at from eventhub.dispatches d where d.destination >= e.destination and d.destination <= e.destination
        order by d.destination desc, d.id desc limit ${DELIVERIES_LOOKED_AT}
      ) d
    ) d
    order by length(w.dispatches::text) desc, w.failing desc, w.last desc, w.example`;
