import { type SQL, sql } from "drizzle-orm";

/**
 * A text column that no index serves: the rows are found by their primary key, and this only checks them. A planner that takes them for few
 * (and between two runs of ANALYZE a burst is few to it) would read all of `status = 'ongoing'` from its index to find sixteen. The `limit`
 * beside it in a statement tells the planner how many rows its JSON holds.
 */
export const byKey = (column: SQL): SQL => sql`(${column} || '')`;
