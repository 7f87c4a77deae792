import { v7 as uuidv7 } from "uuid";
import type { Operation } from "../../../schema/contract/operator.ts";
import { type NoticeRow, toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import type { Chunk } from "../../../schema/queries/operations/operation-chunk.ts";
import {
  findAbandonedOperations,
  type NewOperation,
  noteTried,
  type OperationRow,
  readOperation,
  readSameOperation,
  listOperations as selectOperations,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import { errorText, log } from "../../../schema/text/log.ts";
import { MAX_LISTED_OPERATIONS } from "../../../schema/vocabulary/operator-limits.ts";
import type { OperationAction } from "../../../schema/vocabulary/statuses.ts";
import { check, Id } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { OperatorError } from "./operator-error.ts";
import { toOperation } from "./rows.ts";

/** An operation that nobody has moved on for so long is taken up by the hub's cron. */
const ABANDONED_SECONDS = 30;

/** Does one chunk of a running operation and says whether it did: false if another Worker was faster. */
export type Step = (operation: OperationRow, context: OperatorContext) => Promise<void>;

/** What every action of an operator leaves behind. `actor` and `operationId` as the call gave them. */
export function newOperation(
  action: OperationAction,
  args: object,
  { actor, operationId }: { actor?: string; operationId?: string },
  context: OperatorContext,
): NewOperation {
  return { id: operationId ?? uuidv7(), actor: actor ?? context.actor, action, arguments: args };
}

/** An operation, and whether it is the one that a call is about. */
export type SameRow = OperationRow & { same: boolean };

/** The operation with this id after it was started. @throws OperatorError `conflict` if the id is that of another one */
export async function start(operation: NewOperation, context: OperatorContext): Promise<OperationRow> {
  const [, [row]] = await context.database.transaction<[never, SameRow]>([
    startOperation(operation),
    readSameOperation(operation),
  ]);
  refuseOther(operation, row);
  if (row === undefined) throw new OperatorError("not_found", `there is no operation ${operation.id}`);
  return row;
}

/** Whether the call that gave this id was made before. @throws OperatorError `conflict` if the id is that of another operation */
export async function wasStarted(operation: NewOperation, { database }: OperatorContext): Promise<boolean> {
  const [row] = await database.run(readSameOperation(operation));
  refuseOther(operation, row);
  return row !== undefined;
}

/** An id repeats one call: with another action or other arguments it would hide that nothing is done. @throws OperatorError `conflict` */
export function refuseOther({ id, action }: NewOperation, row: SameRow | undefined): void {
  if (row === undefined || row.same) return;
  const what = row.action === action ? `${row.action} with other arguments` : row.action;
  throw new OperatorError(
    "conflict",
    `options.operationId: ${id} is another operation's: ${what}, by ${row.actor}, ${row.created_at.toISOString()}`,
  );
}

/** Does bulk work chunk by chunk until it is through or the time is up. Each chunk is one statement that also moves the operation on. */
export async function carryOn(id: string, step: Step, context: OperatorContext): Promise<Operation> {
  for (;;) {
    const [row] = await context.database.run(readOperation(id));
    if (row === undefined) throw new OperatorError("not_found", `there is no operation ${id}`);
    if (row.state === "finished" || Date.now() >= context.deadline) return toOperation(row);
    await step(row, context);
  }
}

/** The chunk that goes on where the operation stands. */
export const chunkOf = (
  { id, position }: OperationRow,
  { next, examined, last }: Pick<Chunk, "next" | "examined" | "last">,
): Chunk => ({ operationId: id, position, next, examined, last });

export async function tellExecutor(rows: readonly NoticeRow[], context: OperatorContext): Promise<void> {
  if (rows.length > 0) await context.enqueue(rows.map((row) => toNotice(row)));
}

/** Goes on with what Workers have left half-way; gives how many operations it took up. */
export async function resumeAbandoned(
  steps: Partial<Record<OperationAction, Step>>,
  context: OperatorContext,
): Promise<number> {
  const rows = await context.database.run(findAbandonedOperations(ABANDONED_SECONDS, 10));
  for (const { id, action } of rows) {
    const step = steps[action];
    if (step === undefined || Date.now() >= context.deadline) continue;
    try {
      await carryOn(id, step, context);
    } catch (error) {
      // A later run tries again; what keeps one from going on keeps no other.
      log("warn", "operation.failed", { operationId: id, action, error: errorText(error) });
      await context.database.run(noteTried(id));
    }
  }
  return rows.length;
}

/** One operation. @throws OperatorError */
export async function getOperation(context: OperatorContext, id: unknown): Promise<Operation> {
  const checked = check(Id, id, "id");
  const [row] = await context.database.run(readOperation(checked));
  if (row === undefined) throw new OperatorError("not_found", `there is no operation ${checked}`);
  return toOperation(row);
}

/** The newest hundred operations. */
export async function listOperations(context: OperatorContext): Promise<Operation[]> {
  return (await context.database.run(selectOperations(MAX_LISTED_OPERATIONS))).map(toOperation);
}
