import type { DispatchesDryRun } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { countLimit, countDispatches as selectCounts } from "../../../schema/queries/dispatches/count-dispatches.ts";
import {
  type CheckedDispatchFilter,
  listDispatches,
  scanLimit,
} from "../../../schema/queries/dispatches/list-dispatches.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/rows.ts";
import type { OperationRow } from "../../../schema/queries/operations/start-operation.ts";
import { check, DispatchFilterSchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { foundRows } from "./lists.ts";

/** Dispatches a statement of bulk work. */
const CHUNK_ROWS = 500;

/** The next dispatches that an operation's filter finds, oldest first. */
export interface FoundChunk {
  rows: DispatchRow[];
  next: string | null;
  last: boolean;
}

/** What an operation keeps of its filter and limit. */
export interface BulkArguments {
  filter: object;
  limit: number;
}

/** Looks from the operation's position for what its filter finds. Nothing made since it began counts, or it would find its own work. */
export async function nextDispatches(database: Database, operation: OperationRow): Promise<FoundChunk> {
  const { filter, limit } = operation.arguments as unknown as BulkArguments;
  const checked: CheckedDispatchFilter = check(DispatchFilterSchema, filter, "filter");
  const until = earlier(checked.until, operation.created_at);
  return find(database, { ...checked, until }, operation.position, limit - operation.examined);
}

async function find(
  database: Database,
  filter: CheckedDispatchFilter,
  position: string | null,
  left: number,
): Promise<FoundChunk> {
  const limit = Math.max(1, Math.min(CHUNK_ROWS, left));
  const listed = await database.run(listDispatches(filter, { order: "oldest", limit, after: position ?? undefined }));
  const rows = foundRows(listed);
  const full = rows.length === limit;
  const looked = listed[0]?.scanned === scanLimit(filter, limit);
  const next = full ? rows.at(-1)?.id : listed[0]?.scanned_to;
  return { rows, next: next ?? null, last: (full && rows.length >= left) || (!full && !looked) };
}

/** Counts what a filter finds, without doing anything. */
export async function countDispatches(
  filter: CheckedDispatchFilter,
  limit: number,
  { database, deadline }: OperatorContext,
): Promise<DispatchesDryRun> {
  const groups = new Map<string, DispatchesDryRun["groups"][number]>();
  let dispatches = 0;
  for (let after: string | undefined; ; ) {
    const rows = await database.run(selectCounts(filter, { after, limit: limit - dispatches }));
    for (const row of rows) {
      if (row.destination === null) continue;
      const { destination, status } = row;
      const group = groups.get(`${destination} ${status}`) ?? { destination, status, dispatches: 0 };
      group.dispatches += row.dispatches;
      dispatches += row.dispatches;
      groups.set(`${destination} ${status}`, group);
    }
    const more = rows[0]?.scanned === countLimit(filter);
    after = rows[0]?.scanned_to ?? undefined;
    if (more && dispatches < limit && Date.now() < deadline) continue;
    return { exact: !more && dispatches < limit, dispatches, groups: [...groups.values()] };
  }
}

const earlier = (one: Date | undefined, other: Date): Date => (one !== undefined && one < other ? one : other);
