import type { SQL } from "drizzle-orm";
import type { DestinationFlow, FlowState } from "../../../schema/contract/flow.ts";
import { noticeOfKey } from "../../../schema/queries/flow/operate-keys.ts";
import {
  noticeOfDestination,
  overrideLimits,
  resetLimits,
  unblockKey,
} from "../../../schema/queries/flow/override-limits.ts";
import type { Chunk } from "../../../schema/queries/operations/operation-chunk.ts";
import { ActionSchema, check } from "./argument-schemas.ts";
import { FlowSettingSchema, ResetSchema } from "./argument-schemas-flow.ts";
import type { MethodContext } from "./context.ts";
import { actOnFlow } from "./flow-action.ts";
import { refuseUnlimitedKey } from "./flow-key-kind.ts";
import { knownFlow, readDestinationFlow, readFlow } from "./flows.ts";
import { newOperation } from "./operations.ts";

/**
 * Sets limits of a destination, or of one of its keys, for a while. They replace earlier ones, and apply at once to what waits. @throws OperatorError
 */
export async function setFlow(
  context: MethodContext,
  destination: unknown,
  setting: unknown,
  options: unknown,
): Promise<DestinationFlow | FlowState> {
  const name = await knownFlow(context, destination);
  const { key, until, ...limits } = check(FlowSettingSchema, setting, "setting");
  const by = check(ActionSchema, options ?? {}, "options");
  if (key !== undefined) await refuseUnlimitedKey(context, { destination: name, key });
  const operation = newOperation(
    "set_flow",
    { destination: name, ...(key === undefined ? {} : { key }), ...limits, until },
    by,
    context,
  );
  const change = (chunk: Chunk) => overrideLimits({ destination: name, key, limits, until }, chunk);
  await actOnFlow(name, operation, (chunk) => lookingAgain(change(chunk), name, key), context, noticeOf(name, key));
  return answer(context, name, key);
}

/**
 * Ends the limits that an operator has set for a destination, or for one of its keys, and a wait that the destination asked for. The rate forgets
 * earlier calls. @throws OperatorError
 */
export async function resetFlow(
  context: MethodContext,
  destination: unknown,
  options: unknown,
): Promise<DestinationFlow | FlowState> {
  const name = await knownFlow(context, destination);
  const { key, ...by } = check(ResetSchema, options ?? {}, "options");
  const operation = newOperation(
    "reset_flow",
    { destination: name, ...(key === undefined ? {} : { key }) },
    by,
    context,
  );
  const change = (chunk: Chunk) => resetLimits({ destination: name, key }, chunk);
  await actOnFlow(name, operation, (chunk) => lookingAgain(change(chunk), name, key), context, noticeOf(name, key));
  return answer(context, name, key);
}

const lookingAgain = (change: SQL<never>, name: string, key: string | undefined): SQL<never>[] =>
  key === undefined ? [change] : [change, unblockKey(name, key)];

const noticeOf = (destination: string, key: string | undefined) =>
  key === undefined ? noticeOfDestination(destination) : noticeOfKey({ destination, key });

const answer = (context: MethodContext, name: string, key: string | undefined) =>
  key === undefined
    ? readDestinationFlow(context, name)
    : readFlow(context.database, { destination: name, key }, "limits");
