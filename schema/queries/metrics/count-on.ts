import { type SQL, sql } from "drizzle-orm";
import { CALLED } from "../../status-literals.ts";
import {
  COUNTERS_CATCH_UP_HOURS,
  COUNTERS_LAG_SECONDS,
  type CountedMetric,
  LATENCY_BOUNDS,
} from "../../vocabulary/metrics.ts";

/** About how many rows per table one statement counts; the rest is left to the next one. Takes some hundred milliseconds. */
const MAX_COUNTED = 100_000;

/** The current value of a counter or a histogram. */
export interface CountRow {
  metric: CountedMetric;
  /** Empty if the metric has no destination. */
  destination: string;
  /** The value of the metric's other label; empty if it has none. */
  label: string;
  /** A counter's count; a histogram's sum, in seconds. */
  value: number;
  /** For a histogram: how many values are up to each bound, and last the number of all values. */
  buckets: number[] | null;
  /** When the value was 0. Everything that it counts came later. */
  since: Date;
}

/**
 * Counts what has come since the last count ended, up to a minute ago, adds it to the stored counts, and returns all of them. Stored counts are never
 * reduced, whatever retention deletes, so counters only rise. One call at a time counts; a concurrent call only reads.
 *
 * Each row is counted once, by the time that the database gave it. A row that commits more than a minute after that time is not counted: an event of
 * a long transaction in SQL, or an attempt whose record had to wait for the database.
 *
 * It takes its locks apart from all other statements: the mark, and then counts by their key.
 *
 * @param most About how many rows per table to count.
 */
export function countOn(most = MAX_COUNTED): SQL<CountRow> {
  const upTo = (place: SQL) => sql`(${place} offset ${most} limit 1)`;
  const bucketed = (seconds: SQL) =>
    sql`array[${sql.join(
      LATENCY_BOUNDS.map((bound) => sql`(count(*) filter (where ${seconds} <= ${bound}::float8))::float8, `),
    )} count(*)::float8]`;
  const histogram = (metric: CountedMetric, seconds: SQL) => sql`
      select ${metric}, e.destination, '', sum(${seconds}), ${bucketed(seconds)} from ended e
      where e.status in ${CALLED} group by e.destination`;
  const latest = sql`now() - make_interval(secs => ${COUNTERS_LAG_SECONDS})`;
  // Subqueries instead of joins: for a range between two unknown times, the planner then expects few rows, and reads them by their index.
  const begun = sql`(select b.since from begun b)`;
  const since = sql`(select s.since from span s)`;
  const until = sql`(select s.until from span s)`;
  const within = (moment: SQL) => sql`${moment} > ${since} and ${moment} <= ${until}`;
  return sql<CountRow>`
    with mark as materialized (
      select m.name, m.at from eventhub.metric_marks m where m.name = 'counted' for update skip locked
    ), begun as materialized (
      select greatest(m.at, now() - make_interval(hours => ${COUNTERS_CATCH_UP_HOURS})) as since from mark m
    ), span as materialized (
      select b.since, date_trunc('milliseconds', least(${latest},
        (select e.created_at from eventhub.events e where e.id =
          ${upTo(sql`select n.id from eventhub.events n where n.id >= eventhub.uuid_at(${begun}) and n.id < eventhub.uuid_at(${latest}) order by n.id`)}),
        ${upTo(sql`select d.resulted_at from eventhub.dispatches d where d.resulted_at > ${begun} and d.resulted_at <= ${latest} order by d.resulted_at`)},
        ${upTo(sql`select x.finished_at from eventhub.executions x where x.finished_at > ${begun} and x.finished_at <= ${latest} order by x.finished_at`)}
      )) as until from begun b
    ), moved as (
      update eventhub.metric_marks m set at = s.until from span s where m.name = 'counted' and s.until > m.at
    ), stored as materialized (
      select e.invalid is not null as invalid from eventhub.events e
      where e.id >= eventhub.uuid_at(${since}) and e.id < eventhub.uuid_at(${until})
    ), ended as materialized (
      select d.destination, d.status, greatest(extract(epoch from d.resulted_at - d.created_at), 0)::float8 as whole,
        greatest(extract(epoch from d.resulted_at - d.next_attempt_at), 0)::float8 as late
      from eventhub.dispatches d where ${within(sql`d.resulted_at`)}
    ), attempted as (
      -- Each by its key, and no join of all with all.
      select x.result, (select d.destination from eventhub.dispatches d where d.id = x.dispatch_id) as destination
      from eventhub.executions x where ${within(sql`x.finished_at`)}
    ), found (metric, destination, label, value, buckets) as (
      select 'eventhub_events_emitted', '', '', count(*)::float8, null::float8[] from stored
      union all
      select 'eventhub_events_invalid', '', '', count(*)::float8, null from stored where invalid
      union all
      select 'eventhub_results', e.destination, e.status, count(*)::float8, null from ended e group by e.destination, e.status
      union all
      select 'eventhub_attempts', a.destination, a.result, count(*)::float8, null from attempted a group by a.destination, a.result
      union all ${histogram("eventhub_emit_to_result_seconds", sql`e.whole`)}
      union all ${histogram("eventhub_due_to_result_seconds", sql`e.late`)}
      union all
      select 'eventhub_operations', '', o.action, count(*)::float8, null
      from eventhub.operations o where ${within(sql`o.created_at`)} group by o.action
    ), counted as (
      insert into eventhub.metric_counts as c (metric, destination, label, value, buckets, since)
      select f.metric, f.destination, f.label, f.value, f.buckets, ${since} from found f where f.value > 0 or f.buckets is not null
      order by f.metric, f.destination, f.label
      on conflict (metric, destination, label) do update set value = c.value + excluded.value,
        buckets = (select array_agg(t.so_far + t.more order by t.n) from unnest(c.buckets, excluded.buckets) with ordinality as t(so_far, more, n))
      returning c.metric, c.destination, c.label, c.value, c.buckets, c.since
    )
    select * from counted
    union all
    select c.metric, c.destination, c.label, c.value, c.buckets, c.since from eventhub.metric_counts c
    where not exists (select from counted n where n.metric = c.metric and n.destination = c.destination and n.label = c.label)`;
}

/** Up to when everything is counted. */
export interface CountedRow {
  /** How long ago that is. */
  seconds: number;
  now: Date;
}

/** Reads up to when everything is counted; run it after {@link countOn}, in the same transaction. */
export const readCounted = (): SQL<CountedRow> => sql<CountedRow>`
  select greatest(extract(epoch from now() - m.at), 0)::float8 as seconds, now() as now from eventhub.metric_marks m where m.name = 'counted'`;
