import { type SQL, sql } from "drizzle-orm";
import { pausedCondition } from "./paused-condition.ts";

/**
 * How far one statement looks into what a draining destination still holds, in dispatches from the oldest: what else is late there comes
 * into sight as the drain goes on.
 */
const MAX_HELD_LOOKED_AT = 10_000;

/** How far one statement of reconciling looks into what is late of one destination: in the oldest, and again from `turn` on. */
export const MAX_LATE_LOOKED_AT = 10_000;

/** Which late dispatches are asked for. */
export interface Late {
  /** Due before this moment. */
  before: SQL;
  /** What else holds of the dispatch `d`. */
  where: SQL;
  /** Of which destinations `n` alone, if not of all. */
  of?: SQL;
  /** Most of one destination, those due longest first; all, if undefined. */
  limit?: number;
  /**
   * Looks at no more than {@link MAX_LATE_LOOKED_AT} of the oldest of a destination, and as many from here on: from 0, right behind them, to 1,
   * now. Another number in each run, so that what nothing can be done for hides nothing for ever. Looks at all, if undefined.
   */
  turn?: number;
}

/**
 * The common tables `WITH RECURSIVE` of which `late` has the rows of `dispatches` that are ongoing and due before a moment, without those that
 * a destination holds: a pause, but for its breaker's probe, or the drain after one. Goes from destination to destination by their index, so
 * that millions which are held cost nothing.
 */
export function lateDispatches({ before, where, of = sql`true`, limit, turn }: Late): SQL {
  const ofName = sql`d.status = 'ongoing' and d.destination = n.name`;
  const free = sql`d.flow_key is null and (p.drain_from is null or d.instance_id is not null or d.enqueued_at >= p.drain_from) and ${where}`;
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
  // Where the oldest end; null if they are all.
  const edge = sql`left join lateral (select d.next_attempt_at as at from eventhub.dispatches d where ${lateOf(sql``)}
        offset ${MAX_LATE_LOOKED_AT} limit 1) edge on true`;
  // One row and not a join, so that it is read by its key.
  const probe = sql`(select d.* from eventhub.dispatches d where d.id = p.probe_dispatch limit 1)`;
  // By time as well, so that no index but theirs gives the order.
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
