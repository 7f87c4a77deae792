import { type SQL, sql } from "drizzle-orm";

/**
 * A text column in a form that no index serves: the rows are found by their primary key, and this condition only checks them. Without it, a planner
 * that expects few ongoing rows (between two runs of ANALYZE it knows nothing of a burst) would read all of `status = 'ongoing'` from its index to
 * find sixteen. The `limit` beside it in a statement tells the planner how many rows the JSON holds.
 */
export const byKey = (column: SQL): SQL => sql`(${column} || '')`;
