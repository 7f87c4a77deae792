import { type SQL, sql } from "drizzle-orm";
import type { PayloadEquality } from "../../contract/operator.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";
import {
  afterCondition,
  allOf,
  direction,
  idArray,
  type ListOptions,
  payloadCondition,
  timeConditions,
} from "../fragments/list-conditions.ts";
import type { DispatchRow } from "../fragments/rows.ts";

/** A filter over dispatches, checked. */
export interface CheckedDispatchFilter {
  ids?: string[];
  eventId?: string;
  status?: DispatchStatus[];
  destination?: string;
  route?: string;
  since?: Date;
  until?: Date;
  resultedSince?: Date;
  resultedUntil?: Date;
  idempotencyKey?: string;
  reason?: string;
  payload?: PayloadEquality;
  operationId?: string;
  retried?: boolean;
  overdue?: boolean;
}

/** Rows looked at in one call for what no index finds: 20,000 take some ten milliseconds. */
export const MAX_SCAN_ROWS = 20_000;

/** The same where payloads have to be read and unpacked. */
export const MAX_SCAN_PAYLOADS = 2_000;

/** How far a list has looked, on each row; and a dispatch, or nulls on the only row where none was found. */
export type ListedRow<Row> = { scanned: number; scanned_to: string | null } & ({ id: null } | Row);

/**
 * One page of dispatches in the order of their ids, and where the look ended. Indexes find status, destination, time, event and operation; a
 * bounded number of what they find is looked at for the rest.
 */
export function listDispatches(filter: CheckedDispatchFilter, options: ListOptions): SQL<ListedRow<DispatchRow>> {
  const dir = direction(options);
  const opposite = options.order === "newest" ? sql`asc` : sql`desc`;
  const rest = unindexed(filter);
  return sql<ListedRow<DispatchRow>>`
    with scanned as (${scan(filter, options, scanLimit(filter, options.limit))}),
    matched as (
      select d.id from scanned d ${filter.payload === undefined ? sql`` : sql`join eventhub.events e on e.id = d.event_id`}
      where ${allOf(rest)} order by d.id ${dir} limit ${options.limit}
    )
    select looked.scanned, looked.scanned_to, d.*
    from (select count(*)::int as scanned, (select id from scanned order by id ${opposite} limit 1) as scanned_to from scanned) looked
    left join (matched join eventhub.dispatches d on d.id = matched.id) on true
    order by d.id ${dir}`;
}

/** Rows that one call looks at: if it finds fewer, there are no more. */
export function scanLimit(filter: CheckedDispatchFilter, limit: number): number {
  if (filter.payload !== undefined) return Math.max(MAX_SCAN_PAYLOADS, limit);
  return unindexed(filter).length > 0 ? Math.max(MAX_SCAN_ROWS, limit) : limit;
}

/** Each status as a literal, so that a partial index is seen to fit. */
const HAS_STATUS: Readonly<Record<DispatchStatus, SQL>> = {
  ongoing: sql`d.status = 'ongoing'`,
  complete: sql`d.status = 'complete'`,
  ignored: sql`d.status = 'ignored'`,
  failed: sql`d.status = 'failed'`,
  misconfigured: sql`d.status = 'misconfigured'`,
  lost: sql`d.status = 'lost'`,
  cancelled: sql`d.status = 'cancelled'`,
};

/** What indexes find, in the order of the ids. A branch for each status, since an index gives the order within one only. */
export function scan(filter: CheckedDispatchFilter, options: ListOptions, limit: number): SQL {
  const dir = direction(options);
  const conditions = [...indexed(filter), ...afterCondition(sql`d`, options)];
  const branches: SQL[] = filter.status?.map((status) => HAS_STATUS[status]) ?? [sql`true`];
  const parts = branches.map(
    (
      branch,
    ) => sql`(select d.id, d.event_id, d.destination, d.status, d.route, d.reason, d.resulted_at from eventhub.dispatches d
      where ${allOf([branch, ...conditions])} order by d.id ${dir} limit ${limit})`,
  );
  return sql`select d.* from (${sql.join(parts, sql` union all `)}) d order by d.id ${dir} limit ${limit}`;
}

function indexed(filter: CheckedDispatchFilter): SQL[] {
  const { ids, eventId, destination, since, until, idempotencyKey, operationId } = filter;
  return [
    ...(ids === undefined ? [] : [sql`d.id = any(${idArray(ids)})`]),
    ...(eventId === undefined ? [] : [sql`d.event_id = ${eventId}::uuid`]),
    ...(destination === undefined ? [] : [sql`d.destination = ${destination}`]),
    ...(operationId === undefined ? [] : [sql`d.operation_id = ${operationId}::uuid`]),
    // As an array, so that the few events are found first.
    ...(idempotencyKey === undefined
      ? []
      : [sql`d.event_id = any(array(select id from eventhub.events where idempotency_key = ${idempotencyKey}))`]),
    ...timeConditions(sql`d`, since, until),
  ];
}

/** What has to be looked at row by row. */
export function unindexed(filter: CheckedDispatchFilter): SQL[] {
  const { route, reason, resultedSince, resultedUntil, payload, retried, overdue } = filter;
  return [
    ...(overdue === undefined
      ? []
      : [sql`exists (select from eventhub.overdue_dispatches o where o.dispatch_id = d.id) = ${overdue}`]),
    ...(route === undefined ? [] : [sql`d.route = ${route}`]),
    ...(reason === undefined ? [] : [sql`strpos(lower(d.reason), lower(${reason})) > 0`]),
    ...(resultedSince === undefined ? [] : [sql`d.resulted_at >= ${resultedSince.toISOString()}`]),
    ...(resultedUntil === undefined ? [] : [sql`d.resulted_at < ${resultedUntil.toISOString()}`]),
    ...(retried === undefined
      ? []
      : [sql`exists (select from eventhub.dispatches r where r.retry_of = d.id) = ${retried}`]),
    ...(payload === undefined ? [] : [payloadCondition(payload)]),
  ];
}
