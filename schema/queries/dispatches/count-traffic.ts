import { type SQL, sql } from "drizzle-orm";
import { CALLED, UNHAPPY } from "../../status-literals.ts";

/** A bucket is cut into so many slots, of each of which so many dispatches are looked at: a month of a million takes some 100 ms. */
const SLOTS = 20;
const SLOT_ROWS = 25;

const buckets = (since: Date, seconds: number): SQL =>
  sql`generate_series(${since.toISOString()}::timestamptz, now(), make_interval(secs => ${seconds})) b(at)`;

/** The least UUIDv7 of a moment. */
const idAt = (moment: SQL): SQL =>
  sql`(lpad(to_hex((extract(epoch from ${moment}) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid`;

/** Events by the time in their ids: the primary key alone answers. */
export function countEmitted(since: Date, bucketSeconds: number): SQL<{ at: Date; events: number }> {
  const end = sql`b.at + make_interval(secs => ${bucketSeconds})`;
  return sql<{ at: Date; events: number }>`
    select b.at, r.events from ${buckets(since, bucketSeconds)}
    cross join lateral (
      select count(*)::int as events from eventhub.events e where e.id >= ${idAt(sql`b.at`)} and e.id < ${idAt(end)}
    ) r order by b.at`;
}

export interface OutcomeRow {
  at: Date;
  delivered: number;
  failed: number;
}

/**
 * Dispatches by the time and the kind of their end; indexes alone answer. What was delivered is all that ended without the rest: a count of a
 * million by destination and status takes more than twice as long, since each row's texts are looked at.
 */
export function countOutcomes(since: Date, bucketSeconds: number): SQL<OutcomeRow> {
  const within = sql`d.resulted_at >= b.at and d.resulted_at < b.at + make_interval(secs => ${bucketSeconds})`;
  return sql<OutcomeRow>`
    select b.at, r.ended - r.cancelled - f.failed as delivered, f.failed from ${buckets(since, bucketSeconds)}
    cross join lateral (
      select count(*)::int as ended, (count(*) filter (where d.status = 'cancelled'))::int as cancelled
      from eventhub.dispatches d where ${within}
    ) r cross join lateral (
      select count(*)::int as failed from eventhub.dispatches d where ${within} and d.status in ${UNHAPPY}
    ) f order by b.at`;
}

/** How many are ongoing now. */
export function countAllOngoing(): SQL<{ ongoing: number }> {
  return sql<{ ongoing: number }>`select count(*)::int as ongoing from eventhub.dispatches where status = 'ongoing'`;
}

export interface LatencyRow {
  at: Date;
  sampled: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

/** Percentiles of the time from the moment the last attempt was due to the result, of a sample that is spread evenly over each bucket. */
export function sampleLatency(since: Date, bucketSeconds: number): SQL<LatencyRow> {
  const slot = (n: SQL) => sql`b.at + make_interval(secs => ${bucketSeconds / SLOTS}::float8 * ${n})`;
  return sql<LatencyRow>`
    select b.at, l.sampled, round(l.ms[1])::int as p50_ms, round(l.ms[2])::int as p95_ms, round(l.ms[3])::int as p99_ms
    from ${buckets(since, bucketSeconds)}
    cross join lateral (
      select count(*)::int as sampled, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by s.ms) as ms
      from generate_series(0, ${SLOTS - 1}) k cross join lateral (
        select extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 as ms from eventhub.dispatches d
        where d.resulted_at >= ${slot(sql`k`)} and d.resulted_at < ${slot(sql`(k + 1)`)}
          and d.status in ${CALLED}
        limit ${SLOT_ROWS}
      ) s
    ) l
    where l.sampled > 0 order by b.at`;
}
