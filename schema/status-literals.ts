/** Statuses as literals in SQL: in a CHECK, in a view and where a partial index has to be seen to fit, there can be no parameters. */
import { type SQL, sql } from "drizzle-orm";
import {
  DELIVERED_STATUSES,
  type DispatchStatus,
  EXECUTION_RESULTS,
  STATUSES,
  UNHAPPY_STATUSES,
} from "./vocabulary/statuses.ts";

/** Constants of this repository as a list, `('failed', 'lost')`. */
export const listOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/** Lists to compare with: `d.status in ${UNHAPPY}`. */
export const DELIVERED = listOf(DELIVERED_STATUSES);
export const UNHAPPY = listOf(UNHAPPY_STATUSES);
export const CALLED = listOf(EXECUTION_RESULTS);

/** Those that somebody was called for, and that ended without success. */
export const FAILED = listOf(UNHAPPY_STATUSES.filter((status) => STATUSES[status].called));

/** Something for each of some statuses, made of its name: columns of counts, say. */
export const ofEach = (
  statuses: readonly DispatchStatus[],
  write: (status: DispatchStatus) => string,
  separator = ",\n    ",
): SQL => sql.raw(statuses.map(write).join(separator));

/** How long something must be late before operators are told: as long as the default grace of reconciling. */
export const OVERDUE_AFTER: SQL = sql.raw("interval '1 minute'");

/** The condition that a dispatch `d` has a status. */
export const hasStatus = (status: DispatchStatus): SQL => sql.raw(`d.status = '${status}'`);
