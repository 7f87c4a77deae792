import { type SQL, sql } from "drizzle-orm";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";

export interface ResultCountRow {
  at: Date;
  destination: string;
  status: DispatchStatus;
  dispatches: number;
}

/**
 * Dispatches by the bucket of time in which they got their result; the index alone answers. Bucket by bucket, each of a few groups: grouped
 * all at once, a million rows would be sorted first, in three times the time.
 */
export function countResults(since: Date, bucketSeconds: number): SQL<ResultCountRow> {
  return sql<ResultCountRow>`
    select b.at, r.destination, r.status, r.dispatches
    from generate_series(${since.toISOString()}::timestamptz, now(), make_interval(secs => ${bucketSeconds})) b(at)
    cross join lateral (
      select d.destination, d.status, count(*)::int as dispatches from eventhub.dispatches d
      where d.resulted_at >= b.at and d.resulted_at < b.at + make_interval(secs => ${bucketSeconds})
      group by d.destination, d.status
    ) r
    order by b.at, r.destination, r.status`;
}

export interface OngoingRow {
  destination: string;
  dispatches: number;
  oldest: Date;
}

/** What is ongoing, by destination, or of one. */
export function countOngoing(destination?: string): SQL<OngoingRow> {
  return sql<OngoingRow>`
    select destination, count(*)::int as dispatches, min(created_at) as oldest
    from eventhub.dispatches
    where status = 'ongoing' ${destination === undefined ? sql`` : sql`and destination = ${destination}`}
    group by destination order by destination`;
}
