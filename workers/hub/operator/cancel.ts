import type { DispatchesDryRun, Operation } from "../../../schema/contract/operations.ts";
import type { DispatchDetail } from "../../../schema/contract/operator.ts";
import { cancelDispatches as updateCancelled } from "../../../schema/queries/dispatches/cancel-dispatches.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import {
  type OperationRow,
  readSameOperation,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import { ActionSchema, BulkSchema, check, DispatchFilterSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { getDispatch } from "./details.ts";
import { nextDispatches } from "./dispatch-chunks.ts";
import { countDispatches } from "./dry-run.ts";
import {
  carryOn,
  chunkOf,
  newOperation,
  refuseOther,
  type SameRow,
  type Step,
  start,
  tellExecutor,
  wasStarted,
} from "./operations.ts";
import { OperatorError } from "./operator-error.ts";
import { byIndex } from "./payload-indexes.ts";
import { refuseUnknownNames } from "./refuse-unknown.ts";

const reasonOf = (actor: string) => `cancelled by ${actor}`;

/** Cancels one ongoing dispatch. One that is already cancelled stays so. @throws OperatorError */
export async function cancelDispatch(context: OperatorContext, id: unknown, options: unknown): Promise<DispatchDetail> {
  const by = check(ActionSchema, options ?? {}, "options");
  const dispatch = await getDispatch(context.database, id);
  const operation = newOperation("cancel_dispatch", { id: dispatch.id }, by, context);
  const repeated = by.operationId !== undefined && (await wasStarted(operation, context));
  if (!repeated && dispatch.status === "ongoing") {
    const chunk = { operationId: operation.id, position: null, next: dispatch.id, examined: 1, last: true };
    const [, unblocking, [row]] = await context.database.transaction<[never, NoticeRow, SameRow]>([
      startOperation(operation),
      updateCancelled([dispatch.id], reasonOf(operation.actor), chunk),
      readSameOperation(operation),
    ]);
    refuseOther(operation, row);
    await tellExecutor(unblocking, context);
  }
  const after = await getDispatch(context.database, id);
  if (after.status === "cancelled") return after;
  const holds = after.held ? `, and holds the order ${JSON.stringify(after.orderKey)}: release that` : "";
  throw new OperatorError("conflict", `dispatch ${after.id} is already ${after.status}${holds}`);
}

/** Cancels the ongoing dispatches that a filter finds. @throws OperatorError */
export async function cancelDispatches(
  context: OperatorContext,
  filter: unknown,
  options: unknown,
): Promise<Operation | DispatchesDryRun> {
  const { status = ["ongoing"], ...rest } = check(DispatchFilterSchema, filter ?? {}, "filter");
  if (status.some((one) => one !== "ongoing"))
    throw new OperatorError("invalid_arguments", "filter.status: only ongoing dispatches can be cancelled");
  const checked = { ...rest, status };
  const { dryRun, limit, ...by } = check(BulkSchema, options ?? {}, "options");
  await refuseUnknownNames(checked, context);
  if (dryRun) {
    const filter = await byIndex(context.database, "dispatches", checked);
    const { outOfOrder: _, skipped: __, ...found } = await countDispatches(filter, { limit, payloads: false }, context);
    return found;
  }
  const operation = newOperation("cancel_dispatches", { filter: checked, limit }, by, context);
  const { id } = await start(operation, context);
  return carryOn(id, cancelStep, context);
}

/** One chunk of a bulk cancel. */
export const cancelStep: Step = async (operation: OperationRow, context: OperatorContext) => {
  const { rows, next, last } = await nextDispatches(context.database, operation);
  const ids = rows.map(({ id }) => id);
  const chunk = chunkOf(operation, { next, examined: rows.length, last });
  await tellExecutor(await context.database.run(updateCancelled(ids, reasonOf(operation.actor), chunk)), context);
};
