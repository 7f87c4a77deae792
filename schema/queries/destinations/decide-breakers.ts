import { type SQL, sql } from "drizzle-orm";
import { DELIVERED } from "../../status-literals.ts";
import { DEFAULT_PROBE_SECONDS } from "../../vocabulary/defaults.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { resumedBy } from "./pause-destination.ts";

/** A destination's breaker, as configured. */
export interface BreakerRule {
  name: string;
  failures: number;
  seconds: number;
  probeSeconds: number;
}

const rulesTable = (rules: readonly BreakerRule[]): SQL => sql`
  json_to_recordset(${JSON.stringify(rules)}::json) as r(name text, failures int, seconds int, "probeSeconds" int)`;

/** Notes what a breaker did; `changed` is the common table of the destinations that it changed. */
const notedAs = (action: "pause_destination" | "resume_destination", changed: SQL): SQL => sql`
  noted as (
    insert into eventhub.operations (id, actor, action, arguments, state, affected, finished_at)
    select eventhub.new_id(), 'breaker', ${action}, jsonb_build_object('name', c.name, 'reason', c.reason), 'finished',
      (select count(*) from eventhub.dispatches d where d.status = 'ongoing' and d.destination = c.name), now()
    from ${changed} c
  )`;

/** The number of the hub's newest calls that are searched for failures. */
const MAX_CALLS = 50_000;

/**
 * Pauses each destination whose calls all failed: at least `failures` of them in the last `seconds`, begun since it was last resumed. A
 * `misconfigured` result counts as neither failure nor success: it says nothing about the destination's health. Destinations that are already paused
 * stay as they are. Failures are looked for among the newest {@link MAX_CALLS} calls, successes in the whole time. A destination that was resumed
 * meanwhile is left for the next run.
 */
export function tripBreakers(rules: readonly BreakerRule[]): SQL<{ name: string }> {
  const longest = Math.max(0, ...rules.map(({ seconds }) => seconds));
  return sql<{ name: string }>`
    with recent as materialized (
      select x.dispatch_id, x.result, x.reason, x.started_at, x.finished_at from eventhub.executions x
      where x.finished_at > now() - make_interval(secs => ${longest}) order by x.finished_at desc limit ${MAX_CALLS}
    ), unwell as materialized (
      select r.name, r."probeSeconds", r.seconds, p.resumed_at, count(*) as calls, (array_agg(x.reason order by x.finished_at desc))[1] as reason
      from recent x
      join eventhub.dispatches d on d.id = x.dispatch_id
      join ${rulesTable(rules)} on r.name = d.destination
      left join eventhub.destinations p on p.name = r.name
      where x.finished_at > now() - make_interval(secs => r.seconds) and x.result <> 'misconfigured'
        and p.paused_at is null and x.started_at > coalesce(p.resumed_at, '-infinity')
      group by r.name, r."probeSeconds", r.seconds, r.failures, p.resumed_at
      having count(*) >= r.failures and bool_and(x.result not in ${DELIVERED})
    ), failing as (
      select u.name, u."probeSeconds", u.calls, u.reason, u.resumed_at from unwell u
      where not exists (
        select from eventhub.dispatches d
        where d.resulted_at > greatest(now() - make_interval(secs => u.seconds), u.resumed_at) and d.destination = u.name
          and d.status in ${DELIVERED})
    ), free as materialized (
      select p.name from eventhub.destinations p where p.name in (select name from failing) order by p.name for update skip locked
    ), tripped as (
      insert into eventhub.destinations as p (name, paused_at, pause_reason, paused_by, probe_at, resumed_at)
      select f.name, now(), left(format('the last %s calls all failed, the last one so: %s', f.calls, f.reason), 1000), 'breaker',
        now() + make_interval(secs => f."probeSeconds"), f.resumed_at
      from failing f
      where f.name in (select name from free) or not exists (select from eventhub.destinations p where p.name = f.name)
      order by f.name
      on conflict (name) do update set paused_at = excluded.paused_at, pause_reason = excluded.pause_reason, paused_by = 'breaker',
        probe_at = excluded.probe_at, drain_from = null, drained_at = null
      where p.paused_at is null and p.resumed_at is not distinct from excluded.resumed_at
      returning p.name, p.pause_reason as reason
    ), ${notedAs("pause_destination", sql`tripped`)}
    select name from tripped`;
}

/** Resumes each destination that its breaker paused, if a call that began since then has succeeded. */
export function closeBreakers(): SQL<{ name: string }> {
  return sql<{ name: string }>`
    with well as (
      select p.name from eventhub.destinations p
      where p.paused_at is not null and p.paused_by = 'breaker' and exists (
        select from eventhub.dispatches d
        where d.resulted_at > greatest(p.paused_at, now() - interval '10 minutes') and d.destination = p.name
          and d.status in ${DELIVERED}
          and exists (select from eventhub.executions x where x.dispatch_id = d.id and x.started_at > p.paused_at
            and x.result in ${DELIVERED}))
      for update of p skip locked
    ), closed as (
      update eventhub.destinations p set ${resumedBy("breaker")} from well where p.name = well.name
      returning p.name, 'a call has succeeded' as reason
    ), ${notedAs("resume_destination", sql`closed`)}
    select name from closed`;
}

/** Ends probes that had no success or got no answer in time, and sets when the next one is due. */
export function settleProbes(rules: readonly BreakerRule[]): SQL<never> {
  return sql<never>`
    with answered as (
      select p.name from eventhub.destinations p
      where p.paused_by = 'breaker' and p.paused_at is not null and p.probe_dispatch is not null
        and not exists (
          select from eventhub.dispatches d
          where d.id = p.probe_dispatch and d.status = 'ongoing' and d.attempts = p.probe_attempt
            and p.probed_at > now() - make_interval(secs => d.timeout_seconds + 600))
      for update of p skip locked
    )
    update eventhub.destinations p set probe_dispatch = null, probe_attempt = null, probed_at = null,
      probe_at = now() + make_interval(secs => coalesce(
        (select r."probeSeconds" from ${rulesTable(rules)} where r.name = p.name), ${DEFAULT_PROBE_SECONDS}::int))
    from answered where p.name = answered.name`;
}

/**
 * Lets one dispatch through, for one attempt, to each destination whose breaker is due to probe. Of the hundred oldest that the destination holds, it
 * takes the one with the most retries left, since the probe may cost it one.
 */
export function startProbes(): SQL<NoticeRow> {
  return sql<NoticeRow>`
    with due as (
      select p.name from eventhub.destinations p
      where p.paused_by = 'breaker' and p.paused_at is not null and p.probe_dispatch is null and p.probe_at <= now()
      for update of p skip locked
    ), chosen as (
      select due.name, d.id, d.attempts from due cross join lateral (
        select * from (
          select d.id, d.attempts, d.max_retries, d.next_attempt_at from eventhub.dispatches d
          where d.destination = due.name and d.status = 'ongoing' and d.instance_id is null and d.next_attempt_at <= now()
            and (d.flow_key is null or d.waiting)
          order by d.next_attempt_at limit 100
        ) oldest order by max_retries - attempts desc, next_attempt_at limit 1
      ) d
    ), taken as materialized (
      select d.id, d.attempts, chosen.name from chosen join eventhub.dispatches d on d.id = chosen.id
      where d.status = 'ongoing' and d.instance_id is null
      ${inLockOrder} skip locked
    ), probing as (
      update eventhub.destinations p set probe_dispatch = taken.id, probe_attempt = taken.attempts, probed_at = now()
      from taken where p.name = taken.name
    ), moved as (
      update eventhub.dispatches d set enqueued_at = now(), enqueues = d.enqueues + 1 from taken where d.id = taken.id returning d.*
    )
    select ${noticeColumns} from moved d join eventhub.events e on e.id = d.event_id`;
}
