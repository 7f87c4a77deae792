import { type SQL, sql } from "drizzle-orm";
import type { Lookup } from "../../vocabulary/filter-part.ts";
import { type CheckedDispatchFilter, FILTERS } from "../../vocabulary/filters.ts";
import { afterCondition, allOf, conditionsOf, direction, type ListOptions } from "../fragments/list-conditions.ts";
import type { DispatchRow } from "../fragments/rows.ts";

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
      select d.id from scanned d ${joinPayloads(filter)}
      where ${allOf(rest)} order by d.id ${dir} limit ${options.limit}
    )
    select looked.scanned, looked.scanned_to, d.*
    from (select count(*)::int as scanned, (select id from scanned order by id ${opposite} limit 1) as scanned_to from scanned) looked
    left join (matched join eventhub.dispatches d on d.id = matched.id) on true
    order by d.id ${dir}`;
}

/** Rows that one call looks at: if it finds fewer, there are no more. */
export function scanLimit(filter: CheckedDispatchFilter, limit: number): number {
  if (readsPayloads(filter)) return Math.max(MAX_SCAN_PAYLOADS, limit);
  return unindexed(filter).length > 0 ? Math.max(MAX_SCAN_ROWS, limit) : limit;
}

/** What every list and count needs. */
const NEEDED = ["id", "event_id", "destination", "status", "order_key", "held"];

/** What conditions on rows look at, beside what every list and count needs. */
const LOOKED_AT = [
  ...new Set(
    Object.values(FILTERS).flatMap(({ dispatches }: { dispatches: Lookup<never> }) => dispatches.columns ?? []),
  ),
];

/** What indexes find, in the order of the ids. A branch for each status, since an index gives the order within one only. */
export function scan(filter: CheckedDispatchFilter, options: ListOptions, limit: number): SQL {
  const dir = direction(options);
  const conditions = [...conditionsOf("dispatches", "index", filter), ...afterCondition(sql`d`, options)];
  const branches = filter.status === undefined ? [sql`true`] : conditionsOf("dispatches", "branches", filter);
  const columns = sql.raw([...new Set([...NEEDED, ...LOOKED_AT])].map((name) => `d.${name}`).join(", "));
  const parts = branches.map(
    (branch) => sql`(select ${columns} from eventhub.dispatches d
      where ${allOf([branch, ...conditions])} order by d.id ${dir} limit ${limit})`,
  );
  return sql`select d.* from (${sql.join(parts, sql` union all `)}) d order by d.id ${dir} limit ${limit}`;
}

/** What has to be looked at row by row, in payloads last. */
export const unindexed = (filter: CheckedDispatchFilter): SQL[] => [
  ...conditionsOf("dispatches", "row", filter),
  ...conditionsOf("dispatches", "payload", filter),
];

/** The events of what was scanned, if their payloads are to be looked at. */
export const joinPayloads = (filter: CheckedDispatchFilter): SQL =>
  readsPayloads(filter) ? sql`join eventhub.events e on e.id = d.event_id` : sql``;

/** Whether a list has to read payloads. */
export const readsPayloads = (filter: CheckedDispatchFilter): boolean =>
  conditionsOf("dispatches", "payload", filter).length > 0;
