/** What is being retried, for the view and the statements alike. */
import { type SQL, sql } from "drizzle-orm";
import { causeOf, MAX_INCIDENTS } from "./incident-literals.ts";

/** Dispatches of one destination that are looked at, those that are due next. */
const MOST_OF_ONE = sql`5000`;

/** Dispatches that are looked at in all, some ten milliseconds: shared between the destinations, so that no large one hides others. */
const MOST_LOOKED_AT = sql`20000`;

/** Dispatches of a group, the oldest that were looked at, whose first attempts are looked up to say since when it fails. */
const OLDEST = sql`20`;

/** That the dispatch `d` has failed and is tried again: the condition of the index `dispatches_retrying`. */
const RETRYING = sql`d.status = 'ongoing' and d.attempts > 0`;

/**
 * Dispatches whose last attempt failed and that are tried again, by destination and cause; without what a pause holds. Most of them, by the order of
 * magnitude, come first, then what has failed for longest. If there are more than are looked at, `since` is a moment at which it failed already. Goes
 * from destination to destination by their index, so that a million which wait for their first attempt cost nothing.
 */
export function retrying(destination?: string): SQL {
  const next = (after: SQL) => sql`
        (select d.destination from eventhub.dispatches d where ${RETRYING} ${after} order by d.destination, d.next_attempt_at limit 1)`;
  const names =
    destination === undefined
      ? sql`${next(sql``)}
      union all
      select ${next(sql`and d.destination > n.name`)} from names n where n.name is not null`
      : sql`select ${destination}::text`;
  return sql`
    with recursive names (name) as (
      ${names}
    ), called as materialized (
      select n.name from names n left join eventhub.destinations p on p.name = n.name where n.name is not null and p.paused_at is null
    ), share as materialized (
      select least(greatest(${MOST_LOOKED_AT} / greatest(count(*), 1), 1), ${MOST_OF_ONE}) as most from called
    ), looked as materialized (
      select d.* from called n
      cross join lateral (
        select d.id, d.destination, coalesce(d.reason, '') as reason, d.next_attempt_at from eventhub.dispatches d
        where ${RETRYING} and d.destination = n.name order by d.next_attempt_at limit (select most from share)
      ) d
      limit ${MOST_LOOKED_AT}
    ), causes as materialized (
      select l.reason, ${causeOf(sql`l.reason`)} as cause from looked l group by l.reason
    ), grouped as (
      select l.destination, c.cause, count(*)::int as dispatches, count(distinct l.reason)::int as reasons,
        (array_agg(l.reason order by l.next_attempt_at desc, l.id desc))[1] as reason,
        min(l.next_attempt_at) filter (where l.next_attempt_at > now()) as next_attempt_at, (array_agg(l.id order by l.id))[1:${OLDEST}] as oldest,
        sum(count(*)) over (partition by l.destination) < (select most from share) and sum(count(*)) over () < ${MOST_LOOKED_AT} as exact
      from looked l join causes c on c.reason = l.reason group by l.destination, c.cause
    )
    select g.destination, g.dispatches, g.exact, g.reason, g.reasons, f.since, g.next_attempt_at, g.oldest[1] as example
    from grouped g
    cross join lateral (select min(x.finished_at) as since from eventhub.executions x where x.dispatch_id = any(g.oldest) and x.attempt = 1) f
    order by length(g.dispatches::text) desc, f.since, g.destination, g.cause limit ${MAX_INCIDENTS}`;
}
