import { type SQL, sql } from "drizzle-orm";
import type { CheckedDispatchFilter } from "../../vocabulary/filters.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";
import { allOf } from "../fragments/list-conditions.ts";
import { joinPayloads, MAX_SCAN_PAYLOADS, MAX_SCAN_ROWS, readsPayloads, scan, unindexed } from "./list-dispatches.ts";

/** The count of one group, or nulls in the only row if nothing was found; and how far the statement has looked. */
export type CountedRow = { scanned: number; scanned_to: string | null } & (
  | { destination: null }
  | {
      destination: string;
      status: DispatchStatus;
      dispatches: number;
      /** Those whose order has gone on without them. */
      passed: number;
      /** Those whose payload was removed by retention; 0 unless the statement was asked to look. */
      gone: number;
    }
);

/** The most rows that one statement looks at. If it has looked at fewer, there are no more. */
export const countLimit = (filter: CheckedDispatchFilter): number =>
  readsPayloads(filter) ? MAX_SCAN_PAYLOADS : MAX_SCAN_ROWS;

/** Where to continue, how many to count at most, and whether to count those without a payload. */
export interface CountOptions {
  after: string | undefined;
  limit: number;
  payloads: boolean;
}

/** Row by row, by primary key: a join would read the whole table of events. */
const LOOK_FOR_PAYLOAD = sql`left join lateral (
      select e.payload is null as gone from eventhub.events e where e.id = m.event_id limit 1
    ) e on true`;

/** Counts what a filter finds, by destination and status: from the oldest after `after`, at most `limit` dispatches. */
export function countDispatches(
  filter: CheckedDispatchFilter,
  { after, limit, payloads }: CountOptions,
): SQL<CountedRow> {
  return sql<CountedRow>`
    with scanned as (${scan(filter, { order: "oldest", limit, after }, countLimit(filter))}),
    matched as (
      select d.id, d.event_id, d.destination, d.status, d.order_key is not null and d.held is not true as passed
      from scanned d ${joinPayloads(filter)}
      where ${allOf(unindexed(filter))} order by d.id limit ${limit}
    ), counted as (
      select m.destination, m.status, count(*)::int as dispatches, count(*) filter (where m.passed)::int as passed,
        ${payloads ? sql`count(*) filter (where e.gone)::int` : sql`0`} as gone
      from matched m ${payloads ? LOOK_FOR_PAYLOAD : sql``} group by m.destination, m.status
    )
    select looked.scanned, looked.scanned_to, counted.*
    from (select count(*)::int as scanned, (select id from scanned order by id desc limit 1) as scanned_to from scanned) looked
    left join counted on true
    order by counted.destination, counted.status`;
}
