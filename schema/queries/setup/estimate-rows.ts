import { type SQL, sql } from "drizzle-orm";

/** The plan of a statement, which Postgres does not run. */
export interface PlanRow {
  "QUERY PLAN": [{ Plan: { "Plan Rows": number } }];
}

/** Estimates how many rows a statement would return, from the planner's statistics. It takes a millisecond, however many there are. */
export const estimateRows = (statement: SQL): SQL<PlanRow> => sql<PlanRow>`explain (format json) ${statement}`;
