import { type SQL, sql } from "drizzle-orm";
import { LEARNED_SIZE_MS } from "../../vocabulary/limits.ts";

export interface DestinationRow {
  name: string;
  paused_at: Date | null;
  paused_by: "operator" | "breaker" | null;
  pause_reason: string | null;
  drain_from: Date | null;
}

export interface KnownDestinationRow extends DestinationRow {
  /** Null if no limit is in force now. */
  group_limit: number | null;
  group_limited_at: Date | null;
  group_limited_by: string | null;
  /** While the destination drains: how many dispatches it still holds, and when it next releases some. Otherwise null. */
  drain_rest: number | null;
  drain_next: Date | null;
}

/** The most held dispatches that are counted for a draining destination. */
const MAX_COUNTED_REST = 200_000;

/**
 * The destinations that were ever paused, or whose groups were too large. What a draining destination still holds is defined as in
 * `drain-resumed.ts`.
 */
export function readDestinations(): SQL<KnownDestinationRow> {
  return sql<KnownDestinationRow>`
    select p.name, p.paused_at, p.paused_by, p.pause_reason, p.drain_from, p.group_limited_at, p.group_limited_by,
      case when p.group_limited_at > now() - make_interval(secs => ${LEARNED_SIZE_MS / 1_000}) then p.group_limit end as group_limit,
      rest.n as drain_rest, case when rest.n is not null then greatest(p.drained_at, now()) end as drain_next
    from eventhub.destinations p
    left join lateral (
      select count(*)::int as n from (
        select from eventhub.dispatches d
        where d.destination = p.name and d.status = 'ongoing' and d.instance_id is null and d.enqueued_at < p.drain_from
        limit ${MAX_COUNTED_REST}
      ) held
    ) rest on p.drain_from is not null and p.paused_at is null
    order by p.name`;
}

/** The destinations that are paused or draining, each with its number of ongoing dispatches. */
export function readPaused(): SQL<DestinationRow & { ongoing: number }> {
  return sql<DestinationRow & { ongoing: number }>`
    select p.name, p.paused_at, p.paused_by, p.pause_reason, p.drain_from,
      (select count(*)::int from eventhub.dispatches d where d.status = 'ongoing' and d.destination = p.name) as ongoing
    from eventhub.destinations p where p.paused_at is not null or p.drain_from is not null order by p.paused_at`;
}

/** Whether the database knows a destination: from a dispatch, or from its own row. */
export function findDestination(name: string): SQL<{ known: boolean }> {
  return sql<{ known: boolean }>`
    select exists (select from eventhub.dispatches where destination = ${name})
      or exists (select from eventhub.destinations where name = ${name}) as known`;
}
