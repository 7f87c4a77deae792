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
  /** Null if none holds any more. */
  group_limit: number | null;
  group_limited_at: Date | null;
  group_limited_by: string | null;
}

/** The destinations that have been paused at some time, or whose groups were too large. */
export function readDestinations(): SQL<KnownDestinationRow> {
  return sql<KnownDestinationRow>`
    select name, paused_at, paused_by, pause_reason, drain_from, group_limited_at, group_limited_by,
      case when group_limited_at > now() - make_interval(secs => ${LEARNED_SIZE_MS / 1_000}) then group_limit end as group_limit
    from eventhub.destinations order by name`;
}

/** The destinations that are paused or drain, with what is ongoing of each. */
export function readPaused(): SQL<DestinationRow & { ongoing: number }> {
  return sql<DestinationRow & { ongoing: number }>`
    select p.name, p.paused_at, p.paused_by, p.pause_reason, p.drain_from,
      (select count(*)::int from eventhub.dispatches d where d.status = 'ongoing' and d.destination = p.name) as ongoing
    from eventhub.destinations p where p.paused_at is not null or p.drain_from is not null order by p.paused_at`;
}

/** Whether the database knows a destination by a dispatch or a pause. */
export function findDestination(name: string): SQL<{ known: boolean }> {
  return sql<{ known: boolean }>`
    select exists (select from eventhub.dispatches where destination = ${name})
      or exists (select from eventhub.destinations where name = ${name}) as known`;
}
