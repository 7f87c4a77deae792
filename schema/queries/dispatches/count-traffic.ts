import { type SQL, sql } from "drizzle-orm";
import { CALLED, CALLED_OFF, UNHAPPY } from "../../status-literals.ts";
import { LATENCY_BANDS_MS } from "../../vocabulary/heat-map-bands.ts";

/**
 * A bucket is cut into this many slots, and {@link SLOT_ROWS} dispatches of each are looked at. For a month with a million dispatches, that takes
 * about 100 ms.
 */
export const SLOTS = 20;
const SLOT_ROWS = 25;

/** The time span, the size of its buckets, and the destination. */
export interface TrafficRange {
  since: Date;
  /** The last bucket begins before it. `undefined`: up to now. */
  until: Date | undefined;
  bucketSeconds: number;
  /** `undefined`: all destinations. */
  destination: string | undefined;
}

/** The buckets `b` of a time span. */
export const buckets = ({ since, until, bucketSeconds }: TrafficRange): SQL => {
  const end =
    until === undefined
      ? sql`now()`
      : sql`least(now(), ${until.toISOString()}::timestamptz - interval '1 microsecond')`;
  return sql`generate_series(${since.toISOString()}::timestamptz, ${end}, make_interval(secs => ${bucketSeconds})) b(at)`;
};

const ofDestination = ({ destination }: TrafficRange): SQL =>
  destination === undefined ? sql`` : sql`and d.destination = ${destination}`;

/** The lowest UUIDv7 of a moment. */
export const idAt = (moment: SQL): SQL =>
  sql`(lpad(to_hex((extract(epoch from ${moment}) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid`;

/** Events by the time in their ids; for one destination, its dispatches by the time in theirs. One index alone answers. */
export function countEmitted(range: TrafficRange): SQL<{ at: Date; events: number }> {
  const within = sql`d.id >= ${idAt(sql`b.at`)} and d.id < ${idAt(sql`b.at + make_interval(secs => ${range.bucketSeconds})`)}`;
  const table = range.destination === undefined ? sql`eventhub.events` : sql`eventhub.dispatches`;
  return sql<{ at: Date; events: number }>`
    select b.at, r.events from ${buckets(range)}
    cross join lateral (select count(*)::int as events from ${table} d where ${within} ${ofDestination(range)}) r order by b.at`;
}

export interface OutcomeRow {
  at: Date;
  delivered: number;
  failed: number;
}

/**
 * Dispatches by the time at which they ended, and how; indexes alone answer. `delivered` is computed as everything that ended, minus the rest: to
 * count a million rows by destination and status takes more than twice as long, since the texts of each row are compared.
 */
export function countOutcomes(range: TrafficRange): SQL<OutcomeRow> {
  const within = sql`d.resulted_at >= b.at and d.resulted_at < b.at + make_interval(secs => ${range.bucketSeconds}) ${ofDestination(range)}`;
  return sql<OutcomeRow>`
    select b.at, r.ended - r.called_off - f.failed as delivered, f.failed from ${buckets(range)}
    cross join lateral (
      select count(*)::int as ended, (count(*) filter (where d.status in ${CALLED_OFF}))::int as called_off
      from eventhub.dispatches d where ${within}
    ) r cross join lateral (
      select count(*)::int as failed from eventhub.dispatches d where ${within} and d.status in ${UNHAPPY}
    ) f order by b.at`;
}

/** How many dispatches are ongoing now, of all destinations or of one. */
export function countAllOngoing(range: TrafficRange): SQL<{ ongoing: number }> {
  return sql<{ ongoing: number }>`
    select count(*)::int as ongoing from eventhub.dispatches d where d.status = 'ongoing' ${ofDestination(range)}`;
}

export interface LatencyRow {
  at: Date;
  sampled: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  /** How many of them fall into each band, by the band's index in LATENCY_BANDS_MS. Empty bands are left out. */
  bands: Readonly<Record<number, number>>;
}

/** The lower edges of the latency bands, without the first. */
const BAND_EDGES = sql`${`{${LATENCY_BANDS_MS.slice(1).join(",")}}`}::float8[]`;

/**
 * The time from when the last attempt was due to its result, as percentiles and by bands. It comes from a sample that is spread evenly over each
 * bucket.
 */
export function sampleLatency(range: TrafficRange & { route?: string | undefined }): SQL<LatencyRow> {
  const slot = (n: SQL) => sql`b.at + make_interval(secs => ${range.bucketSeconds / SLOTS}::float8 * ${n})`;
  return sql<LatencyRow>`
    with sampled as materialized (
      select b.at, s.ms from ${buckets(range)} cross join generate_series(0, ${SLOTS - 1}) k cross join lateral (
        select extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 as ms, d.route from eventhub.dispatches d
        where d.resulted_at >= ${slot(sql`k`)} and d.resulted_at < ${slot(sql`(k + 1)`)}
          and d.status in ${CALLED} ${ofDestination(range)}
        limit ${SLOT_ROWS}
      ) s ${range.route === undefined ? sql`` : sql`where s.route = ${range.route}`}
    ), banded as (
      select g.at, jsonb_object_agg(g.band, g.n) as bands
      from (select at, width_bucket(ms, ${BAND_EDGES}) as band, count(*)::int as n from sampled group by 1, 2) g group by g.at
    ), percentiles as (
      select at, count(*)::int as sampled, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by ms) as ms
      from sampled group by at
    )
    select p.at, p.sampled, round(p.ms[1])::int as p50_ms, round(p.ms[2])::int as p95_ms, round(p.ms[3])::int as p99_ms, b.bands
    from percentiles p join banded b on b.at = p.at order by p.at`;
}
