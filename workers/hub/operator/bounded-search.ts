import type { SQL } from "drizzle-orm";
import type { Database } from "../../../schema/database/connection.ts";
import type { ListedRow } from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";

/** How long one call searches if no index helps, in milliseconds. Then it returns what it has found, and where to continue. */
export const LOOK_MS = 2_000;

/** About how long one statement should search, in milliseconds. */
const STATEMENT_MS = 300;

/** The most by which the next statement may search further than the last: rows differ, and a statement that takes too long fails. */
const MAX_GROWTH = 4;

/** The fewest and the most rows that one statement examines, once it is known how long they take. */
const MIN_LOOK = 200;
const MAX_LOOK = 100_000;

/** The rows that a list searches. */
export interface ListSource<Row> {
  list(options: ListOptions): SQL<ListedRow<Row>>;
  /** The rows that one statement examines. If it examines fewer, there are no more. */
  scanLimit(limit: number, look: number | undefined): number;
}

/** How far one call searches at most. */
export interface LookBounds {
  /** In milliseconds. */
  ms: number;
  rows: number;
}

/** The rows that a list has found. */
export interface Found<Row> {
  rows: Row[];
  /** Where to continue the search; `undefined` at the end. */
  further: string | undefined;
  /** The number of rows examined. */
  looked: number;
}

/** Searches until enough rows are found, no more are there, or the time is up. The faster it goes, the more rows the next statement examines. */
export async function lookFor<Row extends { id: string }>(
  database: Database,
  source: ListSource<Row>,
  options: ListOptions,
  { ms, rows: mostRows }: LookBounds,
): Promise<Found<Row>> {
  const end = Date.now() + ms;
  const rows: Row[] = [];
  let { after } = options;
  let look: number | undefined;
  for (let looked = 0; ; ) {
    const limit = options.limit - rows.length;
    // At first, as many rows as the list examines by default for this limit.
    const usual = look ?? source.scanLimit(limit, undefined);
    const looking = { ...options, limit, after, look: Math.min(usual, mostRows - looked) };
    const most = source.scanLimit(limit, looking.look);
    const began = Date.now();
    const listed = await database.run(source.list(looking));
    rows.push(...foundRows(listed));
    const { scanned = 0, scanned_to = null } = listed[0] ?? {};
    looked += scanned;
    if (scanned < most || scanned_to === null) return { rows, further: undefined, looked };
    if (rows.length >= options.limit || looked >= mostRows || Date.now() >= end)
      return { rows, further: scanned_to, looked };
    after = scanned_to;
    look = nextLook(most, Date.now() - began);
  }
}

/** How many rows the next statement examines, if the last one took `tookMs` for `rows`. */
function nextLook(rows: number, tookMs: number): number {
  const growth = Math.min(MAX_GROWTH, STATEMENT_MS / Math.max(1, tookMs));
  return Math.min(MAX_LOOK, Math.max(MIN_LOOK, Math.round(rows * growth)));
}

/** The rows that a list has found. If it found none, its only row tells how far it searched, and is left out. */
export function foundRows<Row extends { id: string }>(rows: readonly ListedRow<Row>[]): Row[] {
  return rows.filter((row) => row.id !== null) as unknown as Row[];
}
