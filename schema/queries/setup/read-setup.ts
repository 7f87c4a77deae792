import { type SQL, sql } from "drizzle-orm";
import { CRON_SILENT_MINUTES, QUEUE_SILENT_MINUTES } from "../../vocabulary/heartbeats.ts";
import { lateDispatches } from "../fragments/late-dispatches.ts";

/** A part of the deployment that does nothing, and since when at least. */
export interface SetupRow {
  fault: "hub_silent" | "executor_silent" | "queue_unconsumed";
  since: Date;
}

/**
 * What was forgotten in a deployment that is in use, as far as Postgres can tell. A cron is silent whose heartbeat is old, while there are older events.
 * Nobody takes messages where the executor's cron has enqueued dispatches again, and since then nobody has said to have had such a message, nor has anything
 * been delivered: an engine that is slow or refuses is none of that, since whoever asks it has had the message.
 */
export function readSetup(): SQL<SetupRow> {
  const minutes = (n: number) => sql`make_interval(mins => ${n})`;
  const late = lateDispatches({
    before: sql`now()`,
    where: sql`d.instance_id is null and d.enqueues > 1`,
    limit: 1,
    turn: 0,
  });
  return sql<SetupRow>`
    with recursive ${late}, first_event as (
      select e.created_at from eventhub.events e order by e.id limit 1
    )
    select h.name || '_silent' as fault, greatest(h.at, f.created_at) as since
    from eventhub.heartbeats h cross join first_event f
    where h.name in ('hub', 'executor') and greatest(h.at, f.created_at) < now() - ${minutes(CRON_SILENT_MINUTES)}
    union all
    select 'queue_unconsumed', r.at from eventhub.heartbeats r join eventhub.heartbeats q on q.name = 'queue'
    where r.name = 'resent' and r.at > q.at and r.at < now() - ${minutes(QUEUE_SILENT_MINUTES)}
      and not exists (select from eventhub.executions x where x.finished_at >= r.at) and exists (select from late)
    order by fault`;
}
