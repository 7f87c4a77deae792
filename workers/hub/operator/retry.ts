import type { DispatchesDryRun, Operation } from "../../../schema/contract/operations.ts";
import type { DispatchDetail } from "../../../schema/contract/operator.ts";
import { listDispatches } from "../../../schema/queries/dispatches/list-dispatches.ts";
import { retryDispatches as insertRetries } from "../../../schema/queries/dispatches/retry-dispatches.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import {
  type OperationRow,
  readSameOperation,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import { UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { check, DispatchFilterSchema, RetryManySchema, RetrySchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { getDispatch } from "./details.ts";
import { nextDispatches } from "./dispatch-chunks.ts";
import { countDispatches } from "./dry-run.ts";
import { foundRows } from "./lists.ts";
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

/** Retries a final dispatch as a new one. @throws OperatorError */
export async function retryDispatch(context: OperatorContext, id: unknown, options: unknown): Promise<DispatchDetail> {
  const { actor, operationId, ...overrides } = check(RetrySchema, options ?? {}, "overrides");
  const dispatch = await getDispatch(context.database, id);
  const operation = newOperation(
    "retry_dispatch",
    { id: dispatch.id, ...overrides },
    { ...(actor === undefined ? {} : { actor }), ...(operationId === undefined ? {} : { operationId }) },
    context,
  );
  if (operationId === undefined || !(await wasStarted(operation, context))) {
    refuseUnretryable(dispatch);
    const chunk = { operationId: operation.id, position: null, next: dispatch.id, examined: 1, last: true };
    const retry = insertRetries([dispatch.id], { ...overrides, perSecond: 1 }, chunk);
    const [, created, [row]] = await context.database.transaction<[never, NoticeRow, SameRow]>([
      startOperation(operation),
      retry,
      readSameOperation(operation),
    ]);
    refuseOther(operation, row);
    await tellExecutor(created, context);
  }
  const made = listDispatches({ operationId: operation.id }, { order: "oldest", limit: 1, after: undefined });
  const [row] = foundRows(await context.database.run(made));
  // Somebody else was faster, or retention removed the payload.
  if (row === undefined) return refuseUnretryable(await getDispatch(context.database, id), true);
  return getDispatch(context.database, row.id);
}

function refuseUnretryable(dispatch: DispatchDetail, always: true): never;
function refuseUnretryable(dispatch: DispatchDetail): void;
function refuseUnretryable({ id, status, retriedBy }: DispatchDetail, always = false): void {
  if (status === "ongoing") throw new OperatorError("conflict", `dispatch ${id} is ongoing: cancel it first`);
  if (retriedBy !== null) throw new OperatorError("conflict", `dispatch ${id} was already retried: retry ${retriedBy}`);
  if (always) throw new OperatorError("conflict", `the payload of dispatch ${id} has been removed by retention`);
}

/** Retries all dispatches that a filter finds and that were not retried before. @throws OperatorError */
export async function retryDispatches(
  context: OperatorContext,
  filter: unknown,
  options: unknown,
): Promise<Operation | DispatchesDryRun> {
  const { status = [...UNHAPPY_STATUSES], ...rest } = check(DispatchFilterSchema, filter ?? {}, "filter");
  if (rest.retried === true)
    throw new OperatorError(
      "invalid_arguments",
      "filter.retried: a dispatch that was retried already is not retried again: retry its retry",
    );
  if (status.includes("ongoing"))
    throw new OperatorError("invalid_arguments", "filter.status: ongoing cannot be retried");
  const checked = { ...rest, status, retried: false };
  const { dryRun, limit, perSecond, ...by } = check(RetryManySchema, options ?? {}, "options");
  await refuseUnknownNames(checked, context);
  if (dryRun) {
    const filter = await byIndex(context.database, "dispatches", checked);
    return countDispatches(filter, { limit, payloads: true }, context);
  }
  const operation = newOperation("retry_dispatches", { filter: checked, limit, perSecond }, by, context);
  const { id } = await start(operation, context);
  return carryOn(id, retryStep, context);
}

/** One chunk of a bulk retry. */
export const retryStep: Step = async (operation: OperationRow, context: OperatorContext) => {
  const { rows, next, last } = await nextDispatches(context.database, operation);
  const { perSecond } = operation.arguments as { perSecond: number };
  const chunk = chunkOf(operation, { next, examined: rows.length, last });
  const ids = rows.map(({ id }) => id);
  await tellExecutor(await context.database.run(insertRetries(ids, { perSecond, delaySeconds: 0 }, chunk)), context);
};
