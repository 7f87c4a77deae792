import { type SQL, sql } from "drizzle-orm";
import type { FailureGroup, OverdueGroup } from "../../contract/operator.ts";
import { ATTENDED, ATTENDED_BY } from "../../flow-literals.ts";
import { OVERDUE_AFTER, UNHAPPY } from "../../status-literals.ts";
import { lateDispatches, MAX_LATE_LOOKED_AT } from "../fragments/late-dispatches.ts";

/** Failures, and overdue dispatches, looked at in one call: some ten milliseconds. */
export const MAX_PROBLEMS = 20_000;

/** Groups of one answer. */
export const MAX_FAILURE_GROUPS = 20;

const only = (t: SQL, destination: string | undefined, column = sql`destination`): SQL =>
  destination === undefined ? sql`` : sql`and ${t}.${column} = ${destination}`;

export interface FailureGroupRow extends FailureGroup {
  /** Of all groups. */
  failed: number;
  looked: number;
}

/**
 * What ended without success since a moment and was not retried, by destination, status and reason; reasons that differ only in numbers and
 * ids count as one. Grouped by the whole reason first, so that only few are looked through for numbers.
 */
export function groupFailures(since: Date, destination?: string): SQL<FailureGroupRow> {
  return sql<FailureGroupRow>`
    with recent as materialized (
      select d.id, d.destination, d.status, d.reason, d.resulted_at from eventhub.dispatches d
      where d.status in ${UNHAPPY} and d.resulted_at >= ${since.toISOString()}
        ${only(sql`d`, destination)}
      order by d.resulted_at desc limit ${MAX_PROBLEMS}
    ), same as (
      select r.destination, r.status, r.reason, count(*) as dispatches, min(r.resulted_at) as first, max(r.resulted_at) as last,
        (array_agg(r.id order by r.resulted_at desc))[1] as example
      from recent r where not exists (select from eventhub.dispatches x where x.retry_of = r.id)
      group by r.destination, r.status, r.reason
    ), alike as (
      select s.destination, s.status, (array_agg(s.reason order by s.last desc))[1] as reason, count(*)::int as reasons,
        sum(s.dispatches)::int as dispatches, min(s.first) as first, max(s.last) as last, (array_agg(s.example order by s.last desc))[1] as example
      from same s
      group by s.destination, s.status, regexp_replace(left(s.reason, 200), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+', '#', 'g')
    )
    select alike.*, sum(alike.dispatches) over ()::int as failed, (select count(*)::int from recent) as looked
    from alike order by alike.last desc limit ${MAX_FAILURE_GROUPS}`;
}

export interface OverdueGroupRow extends OverdueGroup {
  looked: number;
}

/**
 * What is overdue as the view `overdue_dispatches` has it, by destination, or of one. Of each destination with limits or an order the oldest
 * {@link MAX_LATE_LOOKED_AT} are looked at: where nobody is at work these are overdue.
 */
export function groupOverdue(destination?: string): SQL<OverdueGroupRow> {
  const before = sql`now() - ${OVERDUE_AFTER}`;
  const idle = sql`(d.lease_until is null or d.lease_until < now()) ${only(sql`d`, destination)}`;
  const limited = sql`(exists (select from eventhub.flow_destinations f where f.destination = n.name)
    or (select w.destination from eventhub.dispatches w where w.destination = n.name and w.waiting and w.status = 'ongoing'
      order by w.destination, w.flow_key, w.next_attempt_at limit 1) is not null)`;
  return sql<OverdueGroupRow>`
    with recursive ${lateDispatches({ before, where: idle, limit: MAX_PROBLEMS, of: sql`not ${limited}` })}, unattended as (
      select d.* from names n left join eventhub.destinations p on p.name = n.name
      cross join lateral (
        select d.* from eventhub.dispatches d
        where d.status = 'ongoing' and d.destination = n.name and d.next_attempt_at < ${before}
        order by d.next_attempt_at limit ${MAX_LATE_LOOKED_AT}
      ) d
      ${ATTENDED_BY}
      where p.paused_at is null and ${limited} ${only(sql`n`, destination, sql`name`)}
        and (p.drain_from is null or d.instance_id is not null or d.enqueued_at >= p.drain_from) and ${idle} and not ${ATTENDED}
    ), oldest as materialized (
      select d.id, d.destination, d.next_attempt_at
      from (select l.id, l.destination, l.next_attempt_at from late l union all select u.id, u.destination, u.next_attempt_at from unattended u) d
      where not exists (select from eventhub.destinations p where p.probe_dispatch = d.id)
      order by d.next_attempt_at limit ${MAX_PROBLEMS}
    )
    select destination, count(*)::int as dispatches, min(next_attempt_at) as oldest,
      (array_agg(id order by next_attempt_at, id))[1] as example, sum(count(*)) over ()::int as looked
    from oldest group by destination order by oldest`;
}
