/** Statuses as literals in SQL. There can be no parameters in a CHECK, in a view, or where the planner must see that a partial index fits. */
import { type SQL, sql } from "drizzle-orm";
import {
  CALLED_OFF_STATUSES,
  DELIVERED_STATUSES,
  type DispatchStatus,
  EXECUTION_RESULTS,
  STATUSES,
  UNHAPPY_STATUSES,
} from "./vocabulary/statuses.ts";

/** A list of constants in SQL, such as `('failed', 'lost')`. Only for constants of this repository. */
export const listOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/** Lists to compare with, as in `d.status in ${UNHAPPY}`. */
export const DELIVERED = listOf(DELIVERED_STATUSES);
export const UNHAPPY = listOf(UNHAPPY_STATUSES);
export const CALLED = listOf(EXECUTION_RESULTS);
export const CALLED_OFF = listOf(CALLED_OFF_STATUSES);

/** The statuses of dispatches that were called and ended without success. */
export const FAILED = listOf(UNHAPPY_STATUSES.filter((status) => STATUSES[status].called));

/** Joins what `write` returns for each status, e.g. columns with counts. */
export const ofEach = (
  statuses: readonly DispatchStatus[],
  write: (status: DispatchStatus) => string,
  separator = ",\n    ",
): SQL => sql.raw(statuses.map(write).join(separator));

/** The condition that a dispatch `d` has a status. */
export const hasStatus = (status: DispatchStatus): SQL => sql.raw(`d.status = '${status}'`);
