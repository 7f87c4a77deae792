import type { DispatchesDryRun } from "../../../schema/contract/operations.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { countLimit, countDispatches as selectCounts } from "../../../schema/queries/dispatches/count-dispatches.ts";
import { listDispatches, scanLimit } from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/row-types.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import { check, DispatchFilterSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { previewUntil } from "./dry-run-until.ts";
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

/** Counts the dispatches that bulk work would change, without changing any. `payloads`: whether it leaves out dispatches without a payload. */
export async function countDispatches(
  filter: CheckedDispatchFilter,
  { limit, payloads }: { limit: number; payloads: boolean },
  { database, deadline }: OperatorContext,
): Promise<Required<DispatchesDryRun>> {
  const until = previewUntil(deadline);
  const groups = new Map<string, DispatchesDryRun["groups"][number]>();
  const answer = { dispatches: 0, skipped: 0, outOfOrder: 0 };
  for (let after: string | undefined; ; ) {
    const left = limit - answer.dispatches - answer.skipped;
    const rows = await database.run(selectCounts(filter, { after, limit: left, payloads }));
    for (const row of rows) {
      if (row.destination === null) continue;
      const { destination, status, gone } = row;
      const group = groups.get(`${destination} ${status}`) ?? { destination, status, dispatches: 0 };
      group.dispatches += row.dispatches - gone;
      answer.dispatches += row.dispatches - gone;
      answer.skipped += gone;
      answer.outOfOrder += row.passed;
      groups.set(`${destination} ${status}`, group);
    }
    const limited = answer.dispatches + answer.skipped >= limit;
    const more = rows[0]?.scanned === countLimit(filter) && !limited;
    after = rows[0]?.scanned_to ?? undefined;
    if (more && Date.now() < until) continue;
    return {
      ...answer,
      exact: !more,
      limited,
      groups: [...groups.values()].filter(({ dispatches }) => dispatches > 0),
    };
  }
}
