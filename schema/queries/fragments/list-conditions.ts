import { type SQL, sql } from "drizzle-orm";
import type { FoundBy, Lookup } from "../../vocabulary/filter-part.ts";
import { type CheckedDispatchFilter, DISPATCH_FILTERS, FILTERS } from "../../vocabulary/filters.ts";

/** What a list is asked for beside its filter. */
export interface ListOptions {
  order: "newest" | "oldest";
  /** Most rows to give. */
  limit: number;
  /** Where to go on: an id. */
  after: string | undefined;
}

/** The conditions in a filter that a list finds so: on a dispatch `d`, or on an event `e`. */
export function conditionsOf(list: "dispatches" | "events", by: FoundBy, filter: CheckedDispatchFilter): SQL[] {
  return DISPATCH_FILTERS.flatMap((name) => {
    const part: { [List in typeof list]?: Lookup<never> } = FILTERS[name];
    const value = filter[name];
    const lookup = part[list];
    if (value === undefined || lookup?.by !== by) return [];
    const values = by === "branches" ? (value as readonly unknown[]) : [value];
    return values.map((one) => lookup.condition(one as never, sql));
  });
}

/** A row comes after the page before. */
export function afterCondition(t: SQL, { order, after }: ListOptions): SQL[] {
  if (after === undefined) return [];
  return [order === "newest" ? sql`${t}.id < ${after}::uuid` : sql`${t}.id > ${after}::uuid`];
}

/** Checked ids as one parameter. */
export const idArray = (ids: readonly string[]): SQL => sql`${`{${ids.join(",")}}`}::uuid[]`;

export const direction = ({ order }: ListOptions): SQL => (order === "newest" ? sql`desc` : sql`asc`);

export const allOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
