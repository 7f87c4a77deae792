import type { Database } from "../../../schema/database/connection.ts";
import { listDispatches, scanLimit } from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/row-types.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import { check, DispatchFilterSchema } from "./argument-schemas.ts";
import { byIndex } from "./payload-indexes.ts";
import { type FoundChunk, madeBefore, readChunk } from "./read-chunk.ts";

/** The most dispatches that one statement of bulk work changes. */
const CHUNK_ROWS = 500;

/** The filter and the limit, as an operation keeps them. */
export interface BulkArguments {
  filter: object;
  limit: number;
}

/** Finds the next dispatches of the operation's filter, from its position on. */
export async function nextDispatches(database: Database, operation: OperationRow): Promise<FoundChunk<DispatchRow>> {
  const { filter, limit } = operation.arguments as unknown as BulkArguments;
  const checked = madeBefore<CheckedDispatchFilter>(check(DispatchFilterSchema, filter, "filter"), operation);
  const sought = await byIndex(database, "dispatches", checked);
  const source = {
    most: CHUNK_ROWS,
    list: (options: ListOptions) => listDispatches(sought, options),
    scanLimit: (most: number) => scanLimit(sought, most),
  };
  return readChunk(database, source, operation.position, limit - operation.examined);
}
