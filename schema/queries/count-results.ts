import { type SQL, sql } from "drizzle-orm";
import type { DispatchStatus } from "../statuses.ts";

export interface ResultCountRow {
  at: Date;
  destination: string;
  status: DispatchStatus;
  dispatches: number;
}

/** Dispatches by the bucket of time in which they got their result; the index alone answers. */
export function countResults(since: Date, bucketSeconds: number): SQL<ResultCountRow> {
  return sql<ResultCountRow>`
    select date_bin(make_interval(secs => ${bucketSeconds}), resulted_at, ${since.toISOString()}::timestamptz) as at,
      destination, status, count(*)::int as dispatches
    from eventhub.dispatches where resulted_at >= ${since.toISOString()}::timestamptz
    group by 1, 2, 3 order by 1, 2, 3`;
}

/** What is ongoing, by destination. */
export function countOngoing(): SQL<{ destination: string; dispatches: number; oldest: Date }> {
  return sql`
    select destination, count(*)::int as dispatches, min(created_at) as oldest
    from eventhub.dispatches where status = 'ongoing' group by destination order by destination`;
}
