import { type SQL, sql } from "drizzle-orm";
import { lockFlow } from "../../../schema/queries/flow/take.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import type { Chunk } from "../../../schema/queries/operations/operation-chunk.ts";
import {
  type NewOperation,
  readSameOperation,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import type { OperatorContext } from "./context.ts";
import { refuseOther, type SameRow, tellExecutor, wasStarted } from "./operations.ts";

/**
 * Changes a destination's limits or order for an operator, under the destination's lock and in one transaction with the operation. Then it sends the
 * executor the hint that `notice` reads, so that the executor looks which dispatches may be called now. Repeated with the same operation, it only
 * sends the hint again.
 */
export async function actOnFlow(
  destination: string,
  operation: NewOperation,
  statements: (chunk: Chunk) => SQL<never>[],
  context: OperatorContext,
  notice: SQL<NoticeRow> = sql<NoticeRow>`select where false`,
): Promise<NoticeRow[]> {
  await wasStarted(operation, context); // refuses the id of another operation before anything is done under it
  const chunk: Chunk = { operationId: operation.id, position: null, next: null, examined: 0, last: true };
  const rows = await context.database.transaction<unknown[]>([
    startOperation(operation),
    lockFlow(destination, []),
    readSameOperation(operation),
    ...statements(chunk),
    notice,
  ]);
  refuseOther(operation, rows[2]?.[0] as SameRow | undefined);
  const notices = rows.at(-1) as NoticeRow[];
  await tellExecutor(notices, context);
  return notices;
}
