import { type SQL, sql } from "drizzle-orm";
import type { CheckedDispatchFilter } from "../../vocabulary/filters.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";
import { allOf } from "../fragments/list-conditions.ts";
import { joinPayloads, MAX_SCAN_PAYLOADS, MAX_SCAN_ROWS, readsPayloads, scan, unindexed } from "./list-dispatches.ts";

/** A count of one group, or nulls on the only row where none was found; and how far the statement has looked. */
export type CountedRow = { scanned: number; scanned_to: string | null } & (
  | { destination: null }
  | {
      destination: string;
      status: DispatchStatus;
      dispatches: number;
      /** Those of an order that has gone on since. */
      passed: number;
    }
);

/** Rows that one statement looks at: if it has looked at fewer, there are no more. */
export const countLimit = (filter: CheckedDispatchFilter): number =>
  readsPayloads(filter) ? MAX_SCAN_PAYLOADS : MAX_SCAN_ROWS;

/** Counts, from the oldest after `after`, at most `limit` of what a filter finds, by destination and status. */
export function countDispatches(
  filter: CheckedDispatchFilter,
  { after, limit }: { after: string | undefined; limit: number },
): SQL<CountedRow> {
  return sql<CountedRow>`
    with scanned as (${scan(filter, { order: "oldest", limit, after }, countLimit(filter))}),
    matched as (
      select d.id, d.destination, d.status, d.order_key is not null and d.held is not true as passed
      from scanned d ${joinPayloads(filter)}
      where ${allOf(unindexed(filter))} order by d.id limit ${limit}
    ), counted as (
      select destination, status, count(*)::int as dispatches, count(*) filter (where passed)::int as passed
      from matched group by destination, status
    )
    select looked.scanned, looked.scanned_to, counted.*
    from (select count(*)::int as scanned, (select id from scanned order by id desc limit 1) as scanned_to from scanned) looked
    left join counted on true
    order by counted.destination, counted.status`;
}
