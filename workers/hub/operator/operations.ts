import { v7 as uuidv7 } from "uuid";
import type { ExpectedDispatches, Operation } from "../../../schema/contract/operations.ts";
import { type NoticeRow, toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import type { Chunk } from "../../../schema/queries/operations/operation-chunk.ts";
import { listOutcomes, readOutcome } from "../../../schema/queries/operations/read-outcomes.ts";
import {
  ABANDONED_SECONDS,
  findAbandonedOperations,
  type NewOperation,
  noteTried,
  type OperationRow,
  readOperation,
  readSameOperation,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import type { OperationAction } from "../../../schema/vocabulary/statuses.ts";
import { check, Id, OperationFilterSchema, OperationPageSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { toOperation } from "./operation-from-row.ts";
import { OperatorError } from "./operator-error.ts";

/** Does one chunk of a running operation, unless another Worker was faster. */
export type Step = (operation: OperationRow, context: OperatorContext) => Promise<void>;

/** The row that every action of an operator leaves behind, with `actor` and `operationId` as the call gave them. */
export function newOperation(
  action: OperationAction,
  args: object,
  { actor, operationId, expected }: { actor?: string; operationId?: string; expected?: ExpectedDispatches },
  context: OperatorContext,
): NewOperation {
  return { id: operationId ?? uuidv7(), actor: actor ?? context.actor, action, arguments: args, expected };
}

/** An operation, and whether it belongs to the same call. */
export type SameRow = OperationRow & { same: boolean };

/** Starts an operation, or finds it if it was started before. @throws OperatorError `conflict` if the id belongs to another operation */
export async function start(operation: NewOperation, context: OperatorContext): Promise<OperationRow> {
  const [, [row]] = await context.database.transaction<[never, SameRow]>([
    startOperation(operation),
    readSameOperation(operation),
  ]);
  refuseOther(operation, row);
  if (row === undefined) throw new OperatorError("not_found", `there is no operation ${operation.id}`);
  return row;
}

/** Whether the call with this id was made before. @throws OperatorError `conflict` if the id belongs to another operation */
export async function wasStarted(operation: NewOperation, { database }: OperatorContext): Promise<boolean> {
  const [row] = await database.run(readSameOperation(operation));
  refuseOther(operation, row);
  return row !== undefined;
}

/** Refuses the id of another call: with another action or other arguments, a repeat would silently do nothing. @throws OperatorError `conflict` */
export function refuseOther({ id, action }: NewOperation, row: SameRow | undefined): void {
  if (row === undefined || row.same) return;
  const what = row.action === action ? `${row.action} with other arguments` : row.action;
  throw new OperatorError(
    "conflict",
    `options.operationId: ${id} is another operation's: ${what}, by ${row.actor}, ${row.created_at.toISOString()}`,
  );
}

/**
 * Does bulk work chunk by chunk until it is finished, somebody stops it, or the time is up. Each chunk is one statement that also moves the operation
 * on.
 */
export async function carryOn(id: string, step: Step, context: OperatorContext): Promise<Operation> {
  for (;;) {
    const [row] = await context.database.run(readOperation(id));
    if (row === undefined) throw new OperatorError("not_found", `there is no operation ${id}`);
    if (row.state !== "running" || Date.now() >= context.deadline) return getOperation(context, id);
    await step(row, context);
  }
}

/** The chunk that follows the operation's position. */
export const chunkOf = (
  { id, position }: OperationRow,
  { next, examined, last }: Pick<Chunk, "next" | "examined" | "last">,
): Chunk => ({ operationId: id, position, next, examined, last });

export async function tellExecutor(rows: readonly NoticeRow[], context: OperatorContext): Promise<void> {
  if (rows.length > 0) await context.enqueue(rows.map((row) => toNotice(row)));
}

/** Continues bulk work that Workers have abandoned. Returns the number of operations that it took up. */
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
      // A later run tries again. An operation that fails must not stop the others.
      log("warn", "operation.failed", { operationId: id, action, error: errorText(error) });
      await context.database.run(noteTried(id));
    }
  }
  return rows.length;
}

/** One operation. @throws OperatorError */
export async function getOperation(context: OperatorContext, id: unknown): Promise<Operation> {
  const checked = check(Id, id, "id");
  const [row] = await context.database.run(readOutcome(checked));
  if (row === undefined) throw new OperatorError("not_found", `there is no operation ${checked}`);
  return toOperation(row);
}

/** A page of the operations that a filter finds, newest first. @throws OperatorError */
export async function listOperations(
  { database }: OperatorContext,
  filter?: unknown,
  page?: unknown,
): Promise<Operation[]> {
  const checked = check(OperationFilterSchema, filter ?? {}, "filter");
  const { limit, after } = check(OperationPageSchema, page ?? {}, "page");
  return (await database.run(listOutcomes(limit, checked, after))).map(toOperation);
}
