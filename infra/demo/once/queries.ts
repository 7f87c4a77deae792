import type { Pool } from "pg";

/** The dispatches of a report: those of events since a moment, and those that were open at that moment; `null` means all. */
export type Since = string | null;

/** How many dispatches have reached which state. */
export interface Counts {
  total: number;
  final: number;
  /** Ongoing in the whole database. */
  ongoing: number;
}

/** One line of the report. */
export interface Group {
  destination: string;
  status: string;
  dispatches: number;
  attempts: number;
  retries: number;
  /** From emit to result; `null` if there is no result yet. */
  p50Ms: number | null;
  p99Ms: number | null;
}

/** A dispatch that is not final, for a person to look at. */
export interface Open {
  id: string;
  destination: string;
  attempts: number;
  reason: string | null;
  next: string;
  lease: string | null;
  instance: string | null;
}

/** The database's clock, as text with full precision. */
export async function readClock(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ now: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
  );
  return rows[0]?.now ?? "";
}

const SCOPE = "($1::timestamptz is null or created_at >= $1 or resulted_at is null or resulted_at >= $1)";

/** Counts dispatches. */
export async function readCounts(pool: Pool, since: Since): Promise<Counts> {
  const { rows } = await pool.query<Counts>(
    `select count(*) filter (where ${SCOPE})::int as total,
            count(*) filter (where ${SCOPE} and status <> 'ongoing')::int as final,
            count(*) filter (where status = 'ongoing')::int as ongoing
     from eventhub.dispatches`,
    [since],
  );
  return rows[0] ?? { total: 0, final: 0, ongoing: 0 };
}

/** The report, by destination and status. */
export async function readGroups(pool: Pool, since: Since): Promise<Group[]> {
  const { rows } = await pool.query<Group>(
    `with scope as (
       select d.destination, d.status, d.attempts, extract(epoch from d.resulted_at - e.created_at) * 1000 as ms
       from (select * from eventhub.dispatches where ${SCOPE}) d join eventhub.events e on e.id = d.event_id
     )
     select destination, status, count(*)::int as dispatches, sum(attempts)::int as attempts,
            sum(greatest(attempts - 1, 0))::int as retries,
            round(percentile_cont(0.5) within group (order by ms))::int as "p50Ms",
            round(percentile_cont(0.99) within group (order by ms))::int as "p99Ms"
     from scope group by destination, status order by destination, status`,
    [since],
  );
  return rows;
}

/** Some of the dispatches that are not final, oldest first. */
export async function readOpen(pool: Pool, limit: number): Promise<Open[]> {
  const { rows } = await pool.query<Open>(
    `select id, destination, attempts, reason, instance_id as instance,
            (next_attempt_at - now())::text as next, (lease_until - now())::text as lease
     from eventhub.dispatches where status = 'ongoing' order by id limit $1`,
    [limit],
  );
  return rows;
}

/** How many of these dispatches are missing in the database. */
export async function countMissing(pool: Pool, ids: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from unnest($1::uuid[]) as promised(id)
     where not exists (select from eventhub.dispatches d where d.id = promised.id)`,
    [ids],
  );
  return rows[0]?.n ?? 0;
}
