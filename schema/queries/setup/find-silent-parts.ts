import { type SQL, sql } from "drizzle-orm";
import type { SetupFault } from "../../contract/problems.ts";
import { DELIVERED_MINUTES, QUEUE_SILENT_MINUTES } from "../../vocabulary/heartbeats.ts";
import { expectedRun, SILENT_BEFORE } from "../fragments/expected-run.ts";
import { lateDispatches } from "../fragments/late-dispatches.ts";
import { overdueDispatches } from "../fragments/overdue-dispatches.ts";

/** A part of the deployment that does nothing, and since when at the latest. */
export interface SetupRow {
  fault: SetupFault["fault"];
  since: Date;
}

/** The most executions of the last minutes that are searched for one that came through the queue. */
const MAX_EXECUTIONS_LOOKED_AT = 10_000;

/**
 * Finds what is missing in a deployment that is in use, as far as Postgres can tell.
 *
 * A part is silent if it was {@link expectedRun expected to run} some time ago.
 *
 * Nobody consumes the queue if the executor has enqueued dispatches again, and since then nobody has reported such a message, and nothing that was
 * enqueued since was delivered in the last minutes. A slow or refusing engine is a different fault: whoever asks the engine has received the message.
 * Deliveries of what was enqueued earlier prove nothing. Nor do those that need no message: calls in flight, retries, and destinations with limits.
 *
 * Nothing is delivered if something is overdue and no attempt was recorded for minutes. This is reported only if there is no other fault: it finds
 * whatever stands still, even if the reason is hidden.
 */
export function readSetup(): SQL<SetupRow> {
  const minutes = (n: number) => sql`make_interval(mins => ${n})`;
  const late = lateDispatches({
    before: sql`now()`,
    where: sql`d.instance_id is null and d.enqueues > 1`,
    limit: 1,
    turn: 0,
  });
  const ofLate = sql`now() - ${minutes(DELIVERED_MINUTES)}`;
  const broughtSince = (at: SQL) => sql`exists (
      select from (
        select x.dispatch_id from eventhub.executions x where x.finished_at >= greatest(${at}, ${ofLate}) and x.attempt = 1
        order by x.finished_at desc limit ${MAX_EXECUTIONS_LOOKED_AT}
      ) x join eventhub.dispatches d on d.id = x.dispatch_id
      where d.enqueued_at >= ${at} and d.enqueues = 1 and d.flow_key is null
    )`;
  return sql<SetupRow>`
    with recursive ${late}, first_event as (
      select e.created_at from eventhub.events e order by e.id limit 1
    ), silent as materialized (
      select h.name || '_silent' as fault, greatest(h.at, f.created_at) as since
      from eventhub.heartbeats h cross join first_event f cross join lateral (select ${expectedRun(sql`h`)} as at) due
      where h.name in ('hub', 'executor') and h.at < ${SILENT_BEFORE} and greatest(due.at, f.created_at) < ${SILENT_BEFORE} and due.at is not null
      union all
      select 'queue_unconsumed', r.at from eventhub.heartbeats r join eventhub.heartbeats q on q.name = 'queue'
      where r.name = 'resent' and r.at > q.at and r.at < now() - ${minutes(QUEUE_SILENT_MINUTES)}
        and exists (select from late) and not ${broughtSince(sql`r.at`)}
    ), last_attempt as materialized (
      select max(x.finished_at) as at from eventhub.executions x
    ), still as materialized (
      select l.at, case when coalesce(l.at, '-infinity') < ${ofLate} and not exists (select from silent) then (
        with recursive ${overdueDispatches({ before: ofLate, limit: 1 })} select min(o.next_attempt_at) from overdue o
      ) end as overdue from last_attempt l
    )
    select * from silent
    union all
    select 'nothing_delivered', greatest(s.overdue, s.at) from still s where s.overdue is not null
    order by fault`;
}
