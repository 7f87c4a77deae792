import { type SQL, sql } from "drizzle-orm";
import { SILENT_MINUTES } from "../../vocabulary/heartbeats.ts";

/**
 * When the hub or the executor should have run again after its last run, by its heartbeat `h`; null if no run is expected. A part that sleeps is not
 * dead: it is expected at the time that it announced, or after the first event since its last run, since an event arms a look.
 */
export const expectedRun = (
  h: SQL,
): SQL => sql`case when ${h}.sleeps then least(${h}.next_at, (select e.created_at from eventhub.events e
    where e.routed and e.id >= eventhub.uuid_at(greatest(least(${h}.at, now()), to_timestamp(0))) order by e.id limit 1))
  else greatest(${h}.at, ${h}.next_at) end`;

/** A part that should have run before this time counts as silent. */
export const SILENT_BEFORE: SQL = sql`now() - make_interval(mins => ${SILENT_MINUTES})`;
