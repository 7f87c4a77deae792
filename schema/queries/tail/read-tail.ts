import { type SQL, sql } from "drizzle-orm";
import type { Tailed } from "../../contract/tail.ts";
import { type CheckedDispatchFilter, EVENT_FILTERS } from "../../vocabulary/filters.ts";
import type { DispatchStatus, ExecutionResult } from "../../vocabulary/statuses.ts";
import { joinPayloads } from "../dispatches/list-dispatches.ts";
import { allOf, conditionsOf } from "../fragments/list-conditions.ts";

/** How far back a look reaches, in seconds. Whatever takes longer to be committed or recorded is not shown. */
export const TAIL_SECONDS = 60;

/** The most rows of each sort that one look reads, the newest first, whatever the filter is. */
export const TAIL_ROWS = 2_000;

/** The most further rows of each sort that are counted. */
export const TAIL_COUNTED = 10_000;

/** Ids contain the hub's time. The id of an event may be this many seconds behind the database's clock. */
const CLOCKS_APART_SECONDS = 10;

/** What to look for. */
export interface TailQuery {
  filter: CheckedDispatchFilter;
  only: readonly Tailed[];
  /** The most items to return. */
  limit: number;
  /** From when on missed items are counted. */
  after: Date | undefined;
}

/**
 * One item, or nulls in the only row if there is none. Each row also says how much was missed: items that were found, and rows that were not read.
 */
export interface TailRow {
  looked_at: Date;
  beyond: number;
  unread: number;
  capped: boolean;
  what: Tailed | null;
  at: Date;
  event_id: string;
  kind: string | null;
  dispatches: number;
  routed: boolean;
  refused: boolean;
  dispatch_id: string | null;
  destination: string;
  route: string;
  reason: string | null;
  attempt: number;
  result: ExecutionResult | DispatchStatus;
  took_ms: number;
  next_attempt_at: Date | null;
}

/**
 * What happened in the last minute: the newest `limit` items, oldest first. Each sort is read from the new end of its index, at most {@link
 * TAIL_ROWS} rows, so that a look costs the same beside a million rows per minute. Joins compare with an array, so that no planner reads a whole
 * table for them. Payloads are read only for the items shown; if the filter needs them, for all rows that are read.
 */
export function readTail({ filter, only, limit, after }: TailQuery): SQL<TailRow> {
  const window = sql`make_interval(secs => ${TAIL_SECONDS})`;
  const since =
    after === undefined
      ? sql`now() - ${window}`
      : sql`greatest(now() - ${window}, ${after.toISOString()}::timestamptz)`;
  const eventsSince = (moment: SQL) =>
    sql`eventhub.uuid_at(${moment} - make_interval(secs => ${CLOCKS_APART_SECONDS}))`;
  // A filter that only dispatches have matches no event.
  const isOfEvents = Object.keys(filter).every((name) => EVENT_FILTERS.some((other) => other === name));
  const reads = (what: Tailed) => (only.includes(what) && (what !== "event" || isOfEvents) ? sql`true` : sql`false`);
  const ofDispatch = allOf([
    ...(["index", "row", "payload"] as const).flatMap((by) => conditionsOf("dispatches", by, filter)),
    ...anyOf(conditionsOf("dispatches", "branches", filter)),
  ]);
  const ofEvent = allOf((["index", "row", "payload"] as const).flatMap((by) => conditionsOf("events", by, filter)));
  return sql<TailRow>`
    with events as materialized (
      select e.id from eventhub.events e where ${reads("event")} and e.id >= ${eventsSince(sql`now() - ${window}`)}
      order by e.id desc limit ${TAIL_ROWS}
    ), attempts as materialized (
      select x.dispatch_id, x.attempt, x.result, x.finished_at from eventhub.executions x
      where ${reads("attempt")} and x.finished_at > now() - ${window} order by x.finished_at desc limit ${TAIL_ROWS}
    ), results as materialized (
      select d.id, d.resulted_at from eventhub.dispatches d
      where ${reads("result")} and d.resulted_at > now() - ${window} order by d.resulted_at desc limit ${TAIL_ROWS}
    ), found as materialized (
      select 'event' as what, e.created_at as at, e.id as event_id, null::uuid as dispatch_id, null::int as attempt
      from events join eventhub.events e on e.id = any (array[events.id])
      where e.created_at > now() - ${window} and ${ofEvent}
      union all
      select 'attempt', attempts.finished_at, d.event_id, d.id, attempts.attempt
      from attempts join eventhub.dispatches d on d.id = any (array[attempts.dispatch_id]) ${joinPayloads(filter)}
      where (d.status <> attempts.result or d.attempts > attempts.attempt) and ${ofDispatch}
      union all
      select 'result', results.resulted_at, d.event_id, d.id, d.attempts
      from results join eventhub.dispatches d on d.id = any (array[results.id]) ${joinPayloads(filter)}
      where ${ofDispatch}
    ), told as materialized (
      select * from found order by at desc, event_id desc limit ${limit}
    ), unread as (
      select count(*) as n from (select from eventhub.events e where (select count(*) from events) = ${TAIL_ROWS}
        and e.id >= ${eventsSince(since)} and e.id < (select id from events order by id limit 1) order by e.id desc limit ${TAIL_COUNTED}) more
      union all
      select count(*) from (select from eventhub.executions x where (select count(*) from attempts) = ${TAIL_ROWS}
        and x.finished_at > ${since} and x.finished_at < (select min(finished_at) from attempts) order by x.finished_at desc limit ${TAIL_COUNTED}) more
      union all
      select count(*) from (select from eventhub.dispatches d where (select count(*) from results) = ${TAIL_ROWS}
        and d.resulted_at > ${since} and d.resulted_at < (select min(resulted_at) from results) order by d.resulted_at desc limit ${TAIL_COUNTED}) more
    )
    select now() as looked_at, counts.*, t.what, t.at, t.event_id,
      case when jsonb_typeof(e.payload -> 'kind') = 'string' then e.payload ->> 'kind'
        when jsonb_typeof(e.payload -> 'type') = 'string' then e.payload ->> 'type' end as kind,
      case when t.what = 'event' then (select count(*)::int from eventhub.dispatches o where o.event_id = t.event_id) end as dispatches,
      e.routed, coalesce(e.invalid ->> 'refused' = 'true', false) as refused,
      t.dispatch_id, d.destination, d.route, case t.what when 'attempt' then x.reason else d.reason end as reason, t.attempt,
      case t.what when 'attempt' then x.result else d.status end as result,
      (extract(epoch from case t.what when 'attempt' then x.finished_at - x.started_at else d.resulted_at - d.created_at end) * 1000)::float8 as took_ms,
      case when d.status = 'ongoing' and d.attempts = t.attempt then d.next_attempt_at end as next_attempt_at
    from (select
      (select count(*)::int from found where at > ${since}) - (select count(*)::int from told where at > ${since}) as beyond,
      (select sum(n)::int from unread) as unread,
      (select bool_or(n = ${TAIL_COUNTED}) from unread) as capped) counts
    left join (told t join eventhub.events e on e.id = any (array[t.event_id])) on true
    left join eventhub.dispatches d on d.id = any (array[t.dispatch_id])
    left join eventhub.executions x on t.what = 'attempt' and x.dispatch_id = any (array[t.dispatch_id]) and x.attempt = t.attempt
    order by t.at, t.event_id, t.what, t.attempt`;
}

const anyOf = (conditions: readonly SQL[]): SQL[] =>
  conditions.length === 0 ? [] : [sql`(${sql.join([...conditions], sql` or `)})`];
