import { type SQL, sql } from "drizzle-orm";
import type { EventFilter } from "../../contract/operator.ts";
import type { CheckedFilter } from "../../vocabulary/filters.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";
import { type ListedRow, MAX_SCAN_PAYLOADS, MAX_SCAN_ROWS } from "../dispatches/list-dispatches.ts";
import { type AboutRow, aboutEvent } from "../fragments/about-event.ts";
import {
  afterCondition,
  allOf,
  conditionsOf,
  direction,
  indexedConditions,
  type ListOptions,
} from "../fragments/list-conditions.ts";
import type { EventRow } from "../fragments/row-types.ts";

/** A checked filter over events. */
export type CheckedEventFilter = CheckedFilter<keyof EventFilter> & {
  /** Only events whose dispatches were made. */
  routed?: true;
};

export type ListedEventRow = ListedRow<EventRow & AboutRow & { statuses: Partial<Record<DispatchStatus, number>> }>;

/** The most rows that one call looks at. If it finds fewer, there are no more. */
export function eventScanLimit(filter: CheckedEventFilter, limit: number, look?: number): number {
  const readsPayloads = conditionsOf("events", "payload", filter).length > 0 && filter.payload?.indexed !== true;
  if (!readsPayloads && conditionsOf("events", "row", filter).length === 0) return limit;
  return Math.max(look ?? (readsPayloads ? MAX_SCAN_PAYLOADS : MAX_SCAN_ROWS), limit);
}

/** The conditions that are checked event by event, those on payloads last. */
const unindexed = (filter: CheckedEventFilter): SQL[] => [
  ...conditionsOf("events", "row", filter),
  ...conditionsOf("events", "payload", filter),
];

/** One page of events in the order of their ids, with the number of their dispatches by status, and where the search ended. */
export function listEvents(filter: CheckedEventFilter, options: ListOptions): SQL<ListedEventRow> {
  const dir = direction(options);
  const opposite = options.order === "newest" ? sql`asc` : sql`desc`;
  const conditions = [...eventConditions(filter), ...afterCondition(sql`e`, options)];
  // Conditions are checked where the rows are read: a join would read each row twice, or the whole table.
  return sql<ListedEventRow>`
    with scanned as materialized (
      select e.id, ${allOf(unindexed(filter))} as fits
      from eventhub.events e where ${allOf(conditions)} order by e.id ${dir}
      limit ${eventScanLimit(filter, options.limit, options.look)}
    ), matched as (
      select scanned.id from scanned where scanned.fits order by scanned.id ${dir} limit ${options.limit}
    )
    select looked.scanned, looked.scanned_to, e.*
    from (select count(*)::int as scanned, (select id from scanned order by id ${opposite} limit 1) as scanned_to from scanned) looked
    left join (
      select e.id, e.created_at, e.idempotency_key, e.payload_bytes, e.hops, e.own, e.routed, e.invalid,
        coalesce((select json_object_agg(s.status, s.n) from
        (select d.status, count(*)::int as n from eventhub.dispatches d where d.event_id = e.id group by d.status) s), '{}') as statuses
        ${aboutEvent(options.about)}
      from matched join eventhub.events e on e.id = matched.id
    ) e on true
    order by e.id ${dir}`;
}

const eventConditions = (filter: CheckedEventFilter): SQL[] => [
  ...conditionsOf("events", "index", filter),
  ...indexedConditions("events", filter),
  ...(filter.routed === undefined ? [] : [sql`e.routed`]),
];

/** All events that a filter has to search, as far as indexes narrow them down. The planner estimates their number from it. */
export const eventsToLookAt = (filter: CheckedEventFilter): SQL =>
  sql`select from eventhub.events e where ${allOf(eventConditions(filter))}`;
