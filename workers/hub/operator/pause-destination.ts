import type { SQL } from "drizzle-orm";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { DestinationState } from "../../../schema/contract/operator.ts";
import {
  pauseDestination as updatePaused,
  resumeDestination as updateResumed,
} from "../../../schema/queries/destinations/pause-destination.ts";
import { closeGate } from "../../../schema/queries/fragments/lock-order.ts";
import { type NewOperation, readSameOperation } from "../../../schema/queries/operations/start-operation.ts";
import { ActionSchema, check, ReasonSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { knownName, readState } from "./destinations.ts";
import { newOperation, refuseOther, type SameRow } from "./operations.ts";

/**
 * Holds a destination's dispatches: there are no attempts, and no retries are used up. Once this has answered, no attempt is claimed; calls in flight
 * go on. If the destination is already paused, it gets the new reason. @throws OperatorError
 */
export async function pauseDestination(
  context: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
  reason: unknown,
  options: unknown,
): Promise<DestinationState> {
  const checked = await knownName(context, config, name);
  const why = reason === undefined || reason === null ? null : check(ReasonSchema, reason, "reason");
  const by = check(ActionSchema, options ?? {}, "options");
  const operation = newOperation("pause_destination", { name: checked, reason: why }, by, context);
  await act(updatePaused(checked, why, operation), checked, operation, context);
  return readState(context.database, config, checked);
}

/**
 * Resumes a destination's dispatches, oldest first, at its `drainPerSecond`. A destination that is not paused stays as it is. @throws OperatorError
 */
export async function resumeDestination(
  context: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
  options: unknown,
): Promise<DestinationState> {
  const checked = await knownName(context, config, name);
  const by = check(ActionSchema, options ?? {}, "options");
  const operation = newOperation("resume_destination", { name: checked }, by, context);
  await act(updateResumed(checked, operation), checked, operation, context);
  return readState(context.database, config, checked);
}

/** Does nothing if the operation exists already. An existing operation must be this one. */
async function act(
  statement: SQL<never>,
  name: string,
  operation: NewOperation,
  { database }: OperatorContext,
): Promise<void> {
  const [, [row]] = await database.transaction<[never, SameRow, never]>([
    statement,
    readSameOperation(operation),
    closeGate(name),
  ]);
  refuseOther(operation, row);
}
