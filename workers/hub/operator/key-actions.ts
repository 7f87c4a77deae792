import type { SQL } from "drizzle-orm";
import type { FlowState, ReleasedKey } from "../../../schema/contract/flow.ts";
import {
  noticeOfKey,
  noticeOfOrder,
  pauseOrder,
  readHolding,
  releaseOrder,
  resumeOrder,
  ripenOrder,
  pauseKey as updatePaused,
  resumeKey as updateResumed,
  wakeKey,
} from "../../../schema/queries/flow/operate-keys.ts";
import { ActionSchema, check } from "./argument-schemas.ts";
import { KeyActionSchema, KeySchema } from "./argument-schemas-flow.ts";
import type { MethodContext } from "./context.ts";
import { actOnFlow } from "./flow-action.ts";
import { kindToPause, kindToResume } from "./flow-key-kind.ts";
import { knownFlow, readFlow } from "./flows.ts";
import { newOperation, wasStarted } from "./operations.ts";
import { OperatorError } from "./operator-error.ts";

/**
 * Holds one key. Once this has answered, no call with the key begins; earlier calls go on. If the key is already paused, it gets the new reason.
 * @throws OperatorError
 */
export async function pauseKey(
  context: MethodContext,
  destination: unknown,
  key: unknown,
  options: unknown,
): Promise<FlowState> {
  const { flow, of, reason, operation } = await readAction("pause_key", context, destination, key, options);
  const pause = of === "order" ? pauseOrder : updatePaused;
  await actOnFlow(flow.destination, operation, (chunk) => [pause(flow, reason, chunk)], context);
  return readFlow(context.database, flow, of);
}

/** Resumes one key. One that is not paused stays as it is. @throws OperatorError */
export async function resumeKey(
  context: MethodContext,
  destination: unknown,
  key: unknown,
  options: unknown,
): Promise<FlowState> {
  const { flow, of, operation } = await readAction("resume_key", context, destination, key, options);
  const resume = (chunk: Parameters<typeof updateResumed>[1]): SQL<never>[] =>
    of === "order"
      ? [resumeOrder(flow, chunk), ripenOrder(flow.destination, flow.key)]
      : [updateResumed(flow, chunk), wakeKey(flow)];
  const notice = of === "order" ? noticeOfOrder(flow.destination, flow.key) : noticeOfKey(flow);
  await actOnFlow(flow.destination, operation, resume, context, notice);
  return readFlow(context.database, flow, of);
}

async function readAction(
  action: "pause_key" | "resume_key",
  context: MethodContext,
  destination: unknown,
  key: unknown,
  options: unknown,
) {
  const flow = { destination: await knownFlow(context, destination), key: check(KeySchema, key, "key") };
  const { reason = null, of: asked, ...by } = check(KeyActionSchema, options ?? {}, "options");
  const of = await (action === "pause_key" ? kindToPause : kindToResume)(context, flow, asked);
  return { flow, of, reason, operation: newOperation(action, { ...flow, of, reason }, by, context) };
}

/** Releases a held order: it goes on without the failed dispatch that holds it. @throws OperatorError `conflict` if nothing holds it */
export async function releaseKey(
  context: MethodContext,
  destination: unknown,
  orderKey: unknown,
  options: unknown,
): Promise<ReleasedKey> {
  const name = await knownFlow(context, destination);
  const key = check(KeySchema, orderKey, "orderKey");
  const by = check(ActionSchema, options ?? {}, "options");
  const holding = (await context.database.run(readHolding(name, key))).map(({ id }) => id);
  const operation = newOperation("release_key", { destination: name, orderKey: key }, by, context);
  const repeated = by.operationId !== undefined && (await wasStarted(operation, context));
  if (!repeated && holding.length === 0)
    throw new OperatorError("conflict", `no failed dispatch holds the order ${JSON.stringify(key)} of ${name}`);
  const release = (chunk: Parameters<typeof releaseOrder>[2]): SQL<never>[] => [
    releaseOrder(name, key, chunk),
    ripenOrder(name, key),
  ];
  const [next] = await actOnFlow(name, operation, release, context, noticeOfOrder(name, key));
  return { released: repeated ? [] : holding, next: next?.id ?? null };
}
