import type { SQL } from "drizzle-orm";
import type { Database } from "../../../schema/database/connection.ts";
import type { ListedRow } from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import { foundRows } from "./lists.ts";

/** The next rows that a filter finds, oldest first. */
export interface FoundChunk<Row> {
  rows: Row[];
  /** Where the next chunk begins; `null` if no row was examined. */
  next: string | null;
  last: boolean;
}

/** The list that chunks are read from. */
interface Source<Row> {
  /** The most rows in a chunk. */
  most: number;
  list(options: ListOptions): SQL<ListedRow<Row>>;
  /** The rows that one call examines for this limit. If it examines fewer, there are no more. */
  scanLimit(limit: number): number;
}

/** Reads the chunk after `position`. At most `left` further rows may be processed. */
export async function readChunk<Row extends { id: string }>(
  database: Database,
  source: Source<Row>,
  position: string | null,
  left: number,
): Promise<FoundChunk<Row>> {
  const limit = Math.max(1, Math.min(source.most, left));
  const listed = await database.run(source.list({ order: "oldest", limit, after: position ?? undefined }));
  const rows = foundRows(listed);
  const full = rows.length === limit;
  const looked = listed[0]?.scanned === source.scanLimit(limit);
  const next = full ? rows.at(-1)?.id : listed[0]?.scanned_to;
  return { rows, next: next ?? null, last: (full && rows.length >= left) || (!full && !looked) };
}

/** The filter without rows made since the operation began. Otherwise the operation would find its own work. */
export function madeBefore<Filter extends { until?: Date }>(
  filter: Filter,
  { created_at: began }: OperationRow,
): Filter & { until: Date } {
  const { until } = filter;
  return { ...filter, until: until !== undefined && until < began ? until : began };
}
