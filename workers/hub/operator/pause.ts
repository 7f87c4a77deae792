import type { DestinationState } from "../../../schema/operator.ts";
import {
  pauseDestination as updatePaused,
  resumeDestination as updateResumed,
} from "../../../schema/queries/pause-destination.ts";
import { findDestination } from "../../../schema/queries/read-destinations.ts";
import { destinationOf, type RouteConfig } from "../../../schema/routes.ts";
import { ActionSchema, check, NameSchema, ReasonSchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { listDestinations } from "./destinations.ts";
import { newOperation } from "./operations.ts";
import { OperatorError } from "./operator-error.ts";

/** Holds a destination's dispatches: no attempts, no retries used up. Paused again, it gets the new reason. @throws OperatorError */
export async function pauseDestination(
  context: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
  reason: unknown,
  options: unknown,
): Promise<DestinationState> {
  const checked = await known(context, config, name);
  const why = reason === undefined || reason === null ? null : check(ReasonSchema, reason, "reason");
  const by = check(ActionSchema, options ?? {}, "options");
  const operation = newOperation("pause_destination", { name: checked, reason: why }, by, context);
  await context.database.run(updatePaused(checked, why, operation));
  return stateOf(context, config, checked);
}

/** Lets a destination's dispatches go, oldest first, at its `drainPerSecond`. One that is not paused stays as it is. @throws OperatorError */
export async function resumeDestination(
  context: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
  options: unknown,
): Promise<DestinationState> {
  const checked = await known(context, config, name);
  const by = check(ActionSchema, options ?? {}, "options");
  const operation = newOperation("resume_destination", { name: checked }, by, context);
  await context.database.run(updateResumed(checked, operation));
  return stateOf(context, config, checked);
}

/** A name that nobody knows is a slip of the pen: a pause of it would hold nothing. */
async function known({ database }: OperatorContext, config: RouteConfig | undefined, name: unknown): Promise<string> {
  const checked = check(NameSchema, name, "name");
  if (config !== undefined && destinationOf(config, checked) !== undefined) return checked;
  const [row] = await database.run(findDestination(checked));
  if (row?.known !== true) throw new OperatorError("not_found", `there is no destination ${JSON.stringify(checked)}`);
  return checked;
}

async function stateOf(
  { database }: OperatorContext,
  config: RouteConfig | undefined,
  name: string,
): Promise<DestinationState> {
  const state = (await listDestinations(database, config)).find((one) => one.name === name);
  if (state === undefined) throw new OperatorError("not_found", `there is no destination ${JSON.stringify(name)}`);
  return state;
}
