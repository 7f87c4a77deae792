import type { DispatchesDryRun } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { countLimit, countDispatches as selectCounts } from "../../../schema/queries/dispatches/count-dispatches.ts";
import { listDispatches, scanLimit } from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/rows.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import { check, DispatchFilterSchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { type FoundChunk, madeBefore, readChunk } from "./read-chunk.ts";

/** Dispatches a statement of bulk work. */
const CHUNK_ROWS = 500;

/** What an operation keeps of its filter and limit. */
export interface BulkArguments {
  filter: object;
  limit: number;
}

/** Looks from the operation's position for what its filter finds. */
export function nextDispatches(database: Database, operation: OperationRow): Promise<FoundChunk<DispatchRow>> {
  const { filter, limit } = operation.arguments as unknown as BulkArguments;
  const checked = madeBefore<CheckedDispatchFilter>(check(DispatchFilterSchema, filter, "filter"), operation);
  const source = {
    most: CHUNK_ROWS,
    list: (options: ListOptions) => listDispatches(checked, options),
    scanLimit: (most: number) => scanLimit(checked, most),
  };
  return readChunk(database, source, operation.position, limit - operation.examined);
}

/** Counts what a filter finds, without doing anything. */
export async function countDispatches(
  filter: CheckedDispatchFilter,
  limit: number,
  { database, deadline }: OperatorContext,
): Promise<Required<DispatchesDryRun>> {
  const groups = new Map<string, DispatchesDryRun["groups"][number]>();
  let dispatches = 0;
  let outOfOrder = 0;
  for (let after: string | undefined; ; ) {
    const rows = await database.run(selectCounts(filter, { after, limit: limit - dispatches }));
    for (const row of rows) {
      if (row.destination === null) continue;
      const { destination, status } = row;
      const group = groups.get(`${destination} ${status}`) ?? { destination, status, dispatches: 0 };
      group.dispatches += row.dispatches;
      dispatches += row.dispatches;
      outOfOrder += row.passed;
      groups.set(`${destination} ${status}`, group);
    }
    const more = rows[0]?.scanned === countLimit(filter);
    after = rows[0]?.scanned_to ?? undefined;
    if (more && dispatches < limit && Date.now() < deadline) continue;
    return { exact: !more && dispatches < limit, dispatches, groups: [...groups.values()], outOfOrder };
  }
}
