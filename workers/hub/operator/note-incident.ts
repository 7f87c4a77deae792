import type { Operation } from "../../../schema/contract/operations.ts";
import { readIncident } from "../../../schema/queries/operations/read-notes.ts";
import {
  finishOperation,
  readSameOperation,
  startOperation,
} from "../../../schema/queries/operations/start-operation.ts";
import { ActionSchema, check, Id, NoteSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { getOperation, newOperation, refuseOther, type SameRow } from "./operations.ts";
import { OperatorError } from "./operator-error.ts";

/**
 * Leaves a note on a dispatch's incident for the next person on call. It is shown with failures of that destination for that cause, now and when they
 * happen again. @throws OperatorError
 */
export async function noteIncident(
  context: OperatorContext,
  dispatch: unknown,
  note: unknown,
  options: unknown,
): Promise<Operation> {
  const id = check(Id, dispatch, "dispatch");
  const text = check(NoteSchema, note, "note");
  const by = check(ActionSchema, options ?? {}, "options");
  const [incident] = await context.database.run(readIncident(id));
  if (incident === undefined)
    throw new OperatorError("not_found", `there is no dispatch ${id} that ended without success`);
  const { key, destination, status } = incident;
  const operation = newOperation("note_incident", { incident: key, destination, status, id, note: text }, by, context);
  const [, , [row]] = await context.database.transaction<[never, never, SameRow]>([
    startOperation(operation),
    finishOperation(operation.id),
    readSameOperation(operation),
  ]);
  refuseOther(operation, row);
  return getOperation(context, operation.id);
}
