import type { Operation } from "../../../schema/contract/operations.ts";
import { type OperationRow, readSameOperation } from "../../../schema/queries/operations/start-operation.ts";
import { stopOperation as updateStopped } from "../../../schema/queries/operations/stop-operation.ts";
import { ActionSchema, check, Id } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { getOperation, newOperation, refuseOther, type SameRow } from "./operations.ts";
import { OperatorError } from "./operator-error.ts";

/**
 * Stops bulk work. Once this has answered, no chunk begins. A chunk in progress has ended by then, and its dispatches count as made. They stay as
 * they are. Stopping again changes nothing. @throws OperatorError `not_found`, or `conflict` if the work is finished
 */
export async function stopOperation(context: OperatorContext, id: unknown, options: unknown): Promise<Operation> {
  const target = check(Id, id, "id");
  const by = check(ActionSchema, options ?? {}, "options");
  const operation = newOperation("stop_operation", { id: target }, by, context);
  const [[stopped], [row]] = await context.database.transaction<[OperationRow, SameRow]>([
    updateStopped(target, operation),
    readSameOperation(operation),
  ]);
  refuseOther(operation, row);
  if (stopped?.state === "finished")
    throw new OperatorError("conflict", `operation ${target} is already finished: there is nothing to stop`);
  return getOperation(context, target);
}
