import { type SQL, sql } from "drizzle-orm";
import type { EventFilter } from "../../contract/operator.ts";
import type { CheckedFilter } from "../../vocabulary/filters.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";
import { type ListedRow, MAX_SCAN_PAYLOADS } from "../dispatches/list-dispatches.ts";
import { afterCondition, allOf, conditionsOf, direction, type ListOptions } from "../fragments/list-conditions.ts";
import type { EventRow } from "../fragments/rows.ts";

/** A filter over events, checked. */
export type CheckedEventFilter = CheckedFilter<keyof EventFilter> & {
  /** Only those whose dispatches have been made. */
  routed?: true;
};

export type ListedEventRow = ListedRow<EventRow & { statuses: Partial<Record<DispatchStatus, number>> }>;

/** Rows that one call looks at: if it finds fewer, there are no more. */
export const eventScanLimit = (filter: CheckedEventFilter, limit: number): number =>
  conditionsOf("events", "payload", filter).length === 0 ? limit : Math.max(MAX_SCAN_PAYLOADS, limit);

/** One page of events in the order of their ids, with the number of their dispatches by status, and where the look ended. */
export function listEvents(filter: CheckedEventFilter, options: ListOptions): SQL<ListedEventRow> {
  const dir = direction(options);
  const opposite = options.order === "newest" ? sql`asc` : sql`desc`;
  const conditions = [
    ...conditionsOf("events", "index", filter),
    ...(filter.routed === undefined ? [] : [sql`e.routed`]),
    ...afterCondition(sql`e`, options),
  ];
  return sql<ListedEventRow>`
    with scanned as (
      select e.id from eventhub.events e where ${allOf(conditions)} order by e.id ${dir}
      limit ${eventScanLimit(filter, options.limit)}
    ), matched as (
      select e.id from scanned join eventhub.events e on e.id = scanned.id
      where ${allOf(conditionsOf("events", "payload", filter))}
      order by e.id ${dir} limit ${options.limit}
    )
    select looked.scanned, looked.scanned_to, e.id, e.created_at, e.idempotency_key, e.payload_bytes, e.hops, e.own, e.routed, e.invalid, e.statuses
    from (select count(*)::int as scanned, (select id from scanned order by id ${opposite} limit 1) as scanned_to from scanned) looked
    left join (
      select e.*, coalesce((select json_object_agg(s.status, s.n) from
        (select d.status, count(*)::int as n from eventhub.dispatches d where d.event_id = e.id group by d.status) s), '{}') as statuses
      from matched join eventhub.events e on e.id = matched.id
    ) e on true
    order by e.id ${dir}`;
}
