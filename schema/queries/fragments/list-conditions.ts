import { type SQL, sql } from "drizzle-orm";
import type { FoundBy, Lookup } from "../../vocabulary/filter-part.ts";
import {
  ALL_FILTERS,
  type CheckedDispatchFilter,
  type CheckedFilter,
  FILTERS,
  type FilterName,
} from "../../vocabulary/filters.ts";
import type { AboutOptions } from "./about-event.ts";
import { hashOf, indexedAt } from "./value-at.ts";

/** What a list needs to know beside its filter. */
export interface ListOptions {
  order: "newest" | "oldest";
  /** The most rows to return. */
  limit: number;
  /** Where to continue: an id. */
  after: string | undefined;
  /** The most rows to look at for conditions without an index. The default takes about ten milliseconds. */
  look?: number | undefined;
  /** What to show about each event beside its row; default: nothing. */
  about?: AboutOptions | undefined;
}

/** The conditions of a filter that a list finds in the way `by`: on a dispatch `d`, or on an event `e`. */
export function conditionsOf(list: "dispatches" | "events", by: FoundBy, filter: CheckedFilter<FilterName>): SQL[] {
  return ALL_FILTERS.flatMap((name) => {
    const part: { [List in typeof list]?: Lookup<never> } = FILTERS[name];
    const value = filter[name];
    const lookup = part[list];
    if (value === undefined || lookup?.by !== by) return [];
    const values = by === "branches" ? (value as readonly unknown[]) : [value];
    return values.map((one) => lookup.condition(one as never, sql));
  });
}

/**
 * The condition by which an index finds what a filter looks for in payloads, if there is such an index: on an event `e`, or on a dispatch `d`, whose
 * events are found first. The filter's own condition must stand beside it.
 */
export function indexedConditions(list: "dispatches" | "events", { payload }: CheckedDispatchFilter): SQL[] {
  if (payload?.indexed !== true) return [];
  const found = sql`${indexedAt(payload.path)} = ${hashOf(payload.equals)}`;
  return [list === "events" ? found : sql`d.event_id = any(array(select e.id from eventhub.events e where ${found}))`];
}

/** Requires that a row comes after the previous page. */
export function afterCondition(t: SQL, { order, after }: ListOptions): SQL[] {
  if (after === undefined) return [];
  return [order === "newest" ? sql`${t}.id < ${after}::uuid` : sql`${t}.id > ${after}::uuid`];
}

/** Checked ids as one parameter. */
export const idArray = (ids: readonly string[]): SQL => sql`${`{${ids.join(",")}}`}::uuid[]`;

export const direction = ({ order }: ListOptions): SQL => (order === "newest" ? sql`desc` : sql`asc`);

export const allOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
