/** How destinations are judged, for the views and the statements alike. */
import { type SQL, sql } from "drizzle-orm";
import { DELIVERED, UNHAPPY } from "./status-literals.ts";
import { DEFAULT_ALERT_RESULTS, DEFAULT_HEALTH } from "./vocabulary/destination-states.ts";
import { MAX_HEALTH_WINDOW_SECONDS } from "./vocabulary/limits.ts";

/** The rules that apply before the hub's first run has stored the configured ones. */
const UNTOLD = sql.raw(`'${JSON.stringify([{ ...DEFAULT_HEALTH, alertResults: DEFAULT_ALERT_RESULTS }])}'::jsonb`);

/** The most results that are read, the newest of all destinations: a busy hub is judged by a part of its window, so that a scrape stays cheap. */
const MOST_RESULTS = sql`200000`;

/** No window is longer. With this constant, the planner can tell how little there is to read. */
const LONGEST_WINDOW = sql.raw(`interval '${MAX_HEALTH_WINDOW_SECONDS} seconds'`);

/**
 * The state of each destination that has results in its window, or was ever paused, with its results and rules; other destinations are idle. The rules
 * are those of the hub's last run, in its heartbeat; the entry without a destination is for all that have none of their own. Results are read in order
 * of time, so that Postgres reads only their index: no planner knows how long a window is.
 */
export const DESTINATION_STATES_SQL: SQL = sql`
    with told as materialized (
      select r.destination, r."windowSeconds" as window_seconds, r."leastResults" as least_results, r."failingBelow" as failing_below,
        r."degradedBelow" as degraded_below, r."manyFailures" as many_failures, r."degradedBelowWithMany" as degraded_below_with_many,
        r."alertResults" as alert_results, now() - make_interval(secs => r."windowSeconds") as since
      from jsonb_to_recordset(coalesce((select h.health from eventhub.heartbeats h where h.name = 'hub'), ${UNTOLD})) as r(destination text,
        "windowSeconds" int, "leastResults" int, "failingBelow" float8, "degradedBelow" float8, "manyFailures" int, "degradedBelowWithMany" float8, "alertResults" int)
    ), results as (
      select d.destination, count(*) filter (where d.status in ${DELIVERED}) as delivered, count(*) filter (where d.status in ${UNHAPPY}) as failed
      from (
        select d.destination, d.status, d.resulted_at from eventhub.dispatches d
        where d.resulted_at >= now() - ${LONGEST_WINDOW} and d.resulted_at >= (select min(t.since) from told t)
        order by d.resulted_at desc limit ${MOST_RESULTS}
      ) d
      cross join (select t.since from told t where t.destination is null) usual
      left join told own on own.destination = d.destination
      where d.resulted_at >= coalesce(own.since, usual.since)
      group by d.destination
    ), known as (
      select coalesce(r.destination, p.name) as destination, p.paused_at is not null as paused, p.drain_from is not null as draining,
        coalesce(r.delivered, 0)::int as delivered, coalesce(r.failed, 0)::int as failed
      from results r full join eventhub.destinations p on p.name = r.destination
    )
    select k.destination,
      case when k.paused then 'paused' when k.draining then 'draining'
        when k.delivered + k.failed < t.least_results then 'idle'
        when k.delivered < t.failing_below * (k.delivered + k.failed) then 'failing'
        when k.delivered < t.degraded_below * (k.delivered + k.failed) then 'degraded'
        when k.failed >= t.many_failures and k.delivered < t.degraded_below_with_many * (k.delivered + k.failed) then 'degraded'
        else 'delivering' end as state,
      k.delivered, k.failed, t.window_seconds, t.least_results, t.failing_below, t.degraded_below, t.many_failures, t.degraded_below_with_many, t.alert_results
    from known k
    join told t on t.destination = k.destination or (t.destination is null and not exists (select from told o where o.destination = k.destination))`;
