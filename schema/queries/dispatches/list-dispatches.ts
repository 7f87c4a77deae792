import { type SQL, sql } from "drizzle-orm";
import type { Lookup } from "../../vocabulary/filter-part.ts";
import { type CheckedDispatchFilter, DISPATCH_FILTERS, FILTERS } from "../../vocabulary/filters.ts";
import { type AboutRow, aboutEvent } from "../fragments/about-event.ts";
import {
  afterCondition,
  allOf,
  conditionsOf,
  direction,
  indexedConditions,
  type ListOptions,
} from "../fragments/list-conditions.ts";
import type { DispatchRow } from "../fragments/row-types.ts";

/** The most rows that one call looks at for conditions without an index: 20,000 take about ten milliseconds. */
export const MAX_SCAN_ROWS = 20_000;

/** The same if payloads must be read and decompressed. */
export const MAX_SCAN_PAYLOADS = 2_000;

/** Each row says how far the list has looked, and has a dispatch; if none was found, the only row has nulls instead. */
export type ListedRow<Row> = { scanned: number; scanned_to: string | null } & ({ id: null } | Row);

/**
 * One page of dispatches in the order of their ids, and where the search ended. Indexes find status, destination, time, event and operation. Other
 * conditions are checked on a bounded number of the rows that the indexes find.
 */
export function listDispatches(
  filter: CheckedDispatchFilter,
  options: ListOptions,
): SQL<ListedRow<DispatchRow & AboutRow>> {
  const dir = direction(options);
  const opposite = options.order === "newest" ? sql`asc` : sql`desc`;
  const rest = unindexed(filter);
  return sql<ListedRow<DispatchRow & AboutRow>>`
    with scanned as (${scan(filter, options, scanLimit(filter, options.limit, options.look))}),
    matched as (
      select d.id from scanned d ${joinPayloads(filter)}
      where ${allOf(rest)} order by d.id ${dir} limit ${options.limit}
    )
    select looked.scanned, looked.scanned_to, d.*${options.about === undefined ? sql`` : sql`, e.about`}
    from (select count(*)::int as scanned, (select id from scanned order by id ${opposite} limit 1) as scanned_to from scanned) looked
    left join (matched join eventhub.dispatches d on d.id = matched.id) on true
    ${options.about === undefined ? sql`` : sql`left join lateral (select e.id${aboutEvent(options.about)} from eventhub.events e where e.id = d.event_id) e on true`}
    order by d.id ${dir}`;
}

/** The most rows that one call looks at. If it finds fewer, there are no more. */
export function scanLimit(filter: CheckedDispatchFilter, limit: number, look?: number): number {
  const ofRows = conditionsOf("dispatches", "row", filter);
  const isFound = ofRows.length === 0 && (!readsPayloads(filter) || filter.payload?.indexed === true);
  return isFound ? limit : Math.max(look ?? (readsPayloads(filter) ? MAX_SCAN_PAYLOADS : MAX_SCAN_ROWS), limit);
}

/** The columns that every list and count needs. */
const NEEDED = ["id", "event_id", "destination", "status", "order_key", "held"];

/** The columns that conditions on rows need besides. */
const LOOKED_AT = [
  ...new Set(
    DISPATCH_FILTERS.flatMap((name) => {
      const { columns = [] }: Lookup<never> = FILTERS[name].dispatches;
      return columns;
    }),
  ),
];

/** What indexes find, in the order of the ids. Each status has its own branch, since an index gives this order only within one status. */
export function scan(filter: CheckedDispatchFilter, options: ListOptions, limit: number): SQL {
  const dir = direction(options);
  const conditions = [
    ...conditionsOf("dispatches", "index", filter),
    ...indexedConditions("dispatches", filter),
    ...afterCondition(sql`d`, options),
  ];
  const branches = branchesOf(filter);
  const columns = sql.raw([...new Set([...NEEDED, ...LOOKED_AT])].map((name) => `d.${name}`).join(", "));
  const parts = branches.map(
    (branch) => sql`(select ${columns} from eventhub.dispatches d
      where ${allOf([branch, ...conditions])} order by d.id ${dir} limit ${limit})`,
  );
  return sql`select d.* from (${sql.join(parts, sql` union all `)}) d order by d.id ${dir} limit ${limit}`;
}

const branchesOf = (filter: CheckedDispatchFilter): SQL[] =>
  filter.status === undefined ? [sql`true`] : conditionsOf("dispatches", "branches", filter);

/** All dispatches that a filter has to search, as far as indexes narrow them down. The planner estimates their number from it. */
export const dispatchesToLookAt = (filter: CheckedDispatchFilter): SQL =>
  sql`select from eventhub.dispatches d where (${sql.join(branchesOf(filter), sql` or `)})
    and ${allOf(conditionsOf("dispatches", "index", filter))}`;

/** The conditions that are checked row by row, those on payloads last. */
export const unindexed = (filter: CheckedDispatchFilter): SQL[] => [
  ...conditionsOf("dispatches", "row", filter),
  ...conditionsOf("dispatches", "payload", filter),
];

/** The events of the scanned rows, if a condition reads their payloads. They are read one by one (`offset 0`), never the whole table. */
export const joinPayloads = (filter: CheckedDispatchFilter): SQL =>
  readsPayloads(filter)
    ? sql`cross join lateral (select e.payload from eventhub.events e where e.id = d.event_id offset 0) e`
    : sql``;

/** Whether a list has to read payloads. */
export const readsPayloads = (filter: CheckedDispatchFilter): boolean =>
  conditionsOf("dispatches", "payload", filter).length > 0;
