import { type SQL, sql } from "drizzle-orm";
import { ATTENDED, ATTENDED_BY, NOT_CLAIMED } from "../../overdue-literals.ts";
import { lateDispatches, MAX_LATE_LOOKED_AT } from "./late-dispatches.ts";
import { DRAIN_LETS_GO } from "./paused-condition.ts";

/** Which overdue dispatches to find. */
export interface Overdue {
  /** They were due before this moment. */
  before: SQL;
  /** The most dispatches of a destination without limits and order, those due longest first. */
  limit: number;
  /** Default: all destinations. */
  destination?: string | undefined;
}

/**
 * Common tables for `WITH RECURSIVE`. `overdue` defines overdue in the same way as the view `overdue_dispatches` (`overdue-literals.ts`). Of each
 * destination with limits or an order, it looks at the oldest {@link MAX_LATE_LOOKED_AT} dispatches: they are overdue if nobody is at work there.
 */
export function overdueDispatches({ before, limit, destination }: Overdue): SQL {
  const only = (column: SQL) => (destination === undefined ? sql`` : sql`and ${column} = ${destination}`);
  const idle = sql`${NOT_CLAIMED} ${only(sql`d.destination`)}`;
  const limited = sql`(exists (select from eventhub.flow_destinations f where f.destination = n.name)
    or (select w.destination from eventhub.dispatches w where w.destination = n.name and w.waiting and w.status = 'ongoing'
      order by w.destination, w.flow_key, w.next_attempt_at limit 1) is not null)`;
  return sql`
    ${lateDispatches({ before, where: idle, limit, of: sql`not ${limited}` })}, unattended as (
      select d.* from names n left join eventhub.destinations p on p.name = n.name
      cross join lateral (
        select d.* from eventhub.dispatches d
        where d.status = 'ongoing' and d.destination = n.name and d.next_attempt_at < ${before}
        order by d.next_attempt_at limit ${MAX_LATE_LOOKED_AT}
      ) d
      ${ATTENDED_BY}
      where p.paused_at is null and ${limited} ${only(sql`n.name`)}
        and ${DRAIN_LETS_GO} and ${idle} and not ${ATTENDED}
    ), overdue as (
      select d.id, d.destination, d.next_attempt_at
      from (select l.id, l.destination, l.next_attempt_at from late l union all select u.id, u.destination, u.next_attempt_at from unattended u) d
      where not exists (select from eventhub.destinations p where p.probe_dispatch = d.id)
    )`;
}
