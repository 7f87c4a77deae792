import { type SQL, sql } from "drizzle-orm";

export interface DestinationHealthRow {
  destination: string;
  period: "hour" | "day";
  success_rate: string | null;
  complete: string;
  ignored: string;
  failed: string;
  misconfigured: string;
  lost: string;
  cancelled: string;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  ongoing: string;
  oldest_ongoing: Date | null;
}

/** The view as it is. */
export function readDestinationHealth(): SQL<DestinationHealthRow> {
  return sql<DestinationHealthRow>`select * from eventhub.destination_health order by destination, period`;
}

export interface DestinationRow {
  name: string;
  paused_at: Date | null;
  paused_by: "operator" | "breaker" | null;
  pause_reason: string | null;
  drain_from: Date | null;
}

/** The destinations that have been paused at some time. */
export function readDestinations(): SQL<DestinationRow> {
  return sql<DestinationRow>`select name, paused_at, paused_by, pause_reason, drain_from from eventhub.destinations order by name`;
}

/** Whether the database knows a destination by a dispatch or a pause. */
export function findDestination(name: string): SQL<{ known: boolean }> {
  return sql<{ known: boolean }>`
    select exists (select from eventhub.dispatches where destination = ${name})
      or exists (select from eventhub.destinations where name = ${name}) as known`;
}
