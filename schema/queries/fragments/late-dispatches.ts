import { type SQL, sql } from "drizzle-orm";
import { DRAIN_LETS_GO, pausedCondition } from "./paused-condition.ts";

/**
 * How many of the oldest dispatches that a draining destination still holds one statement looks at. Others that are late there come into reach as the
 * drain advances.
 */
const MAX_HELD_LOOKED_AT = 10_000;

/** How many late dispatches of one destination a statement of reconciling looks at: so many of the oldest, and as many from `turn` on. */
export const MAX_LATE_LOOKED_AT = 10_000;

/** Which late dispatches to find. */
export interface Late {
  /** They were due before this moment. */
  before: SQL;
  /** A further condition on the dispatch `d`. */
  where: SQL;
  /** A condition on the destination's name `n.name`; default: all destinations. */
  of?: SQL;
  /** The most dispatches per destination, those due longest first; `undefined` means all. */
  limit?: number;
  /**
   * Looks only at the {@link MAX_LATE_LOOKED_AT} oldest dispatches of a destination, and at as many from here on: 0 is right behind the oldest, 1 is
   * now. Each run uses another number, so that hopeless dispatches do not hide others for ever. If undefined, looks at all.
   */
  turn?: number;
}

/**
 * Common tables for `WITH RECURSIVE`. `late` has the rows of `dispatches` that are ongoing and were due before a moment, without those that a
 * destination holds: through a pause (except for its breaker's probe), or through the drain after one. The statement steps from destination to
 * destination along their index, so that millions of held dispatches cost nothing.
 */
export function lateDispatches({ before, where, of = sql`true`, limit, turn }: Late): SQL {
  const ofName = sql`d.status = 'ongoing' and d.destination = n.name`;
  const free = sql`d.flow_key is null and ${DRAIN_LETS_GO} and ${where}`;
  const lateOf = (
    after: SQL,
  ) => sql`${ofName} and d.next_attempt_at >= coalesce(p.drain_from, '-infinity') and d.next_attempt_at < ${before} ${after}
          order by d.next_attempt_at`;
  const all = sql`(select d.* from eventhub.dispatches d where ${ofName} and d.next_attempt_at >= coalesce(p.drain_from, '-infinity')
          and d.next_attempt_at < ${before} and ${free} order by d.next_attempt_at ${limit === undefined ? sql`` : sql`limit ${limit}`})`;
  const bounded = sql`(select d.* from (
          (select d.* from eventhub.dispatches d where ${lateOf(sql`and d.next_attempt_at < coalesce(edge.at, 'infinity')`)} limit ${MAX_LATE_LOOKED_AT})
          union all
          (select d.* from eventhub.dispatches d
            where ${lateOf(sql`and d.next_attempt_at >= edge.at + (${before} - edge.at) * ${turn ?? 0}::float8`)} limit ${MAX_LATE_LOOKED_AT})
        ) d where ${free} order by d.next_attempt_at ${limit === undefined ? sql`` : sql`limit ${limit}`})`;
  // Where the oldest end; null if that is all of them.
  const edge = sql`left join lateral (select d.next_attempt_at as at from eventhub.dispatches d where ${lateOf(sql``)}
        offset ${MAX_LATE_LOOKED_AT} limit 1) edge on true`;
  // A subquery of one row instead of a join, so that it is read by its key.
  const probe = sql`(select d.* from eventhub.dispatches d where d.id = p.probe_dispatch limit 1)`;
  // Also ordered by time, so that only the intended index gives this order.
  const name = (after: SQL) => sql`
    (select d.destination from eventhub.dispatches d where d.status = 'ongoing' ${after} order by d.destination, d.next_attempt_at limit 1)`;
  return sql`
    names (name) as (
      ${name(sql``)}
      union all
      select ${name(sql`and d.destination > n.name`)} from names n where n.name is not null
    ), late as (
      select d.* from names n left join eventhub.destinations p on p.name = n.name
      ${turn === undefined ? sql`` : edge}
      cross join lateral (
        ${turn === undefined ? all : bounded}
        union all
        select d.* from (
          select d.* from eventhub.dispatches d
          where ${ofName} and p.drain_from is not null and d.next_attempt_at < least(p.drain_from, ${before})
          order by d.next_attempt_at limit ${MAX_HELD_LOOKED_AT}
        ) d where ${free}
      ) d
      where p.paused_at is null and ${of}
      union all
      select d.* from eventhub.destinations p
      cross join lateral ${probe} d
      where p.paused_at is not null and not (${pausedCondition}) and d.status = 'ongoing' and d.flow_key is null and d.next_attempt_at < ${before} and ${where}
    )`;
}
