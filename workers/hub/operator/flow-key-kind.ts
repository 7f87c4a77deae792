import { destinationOf } from "../../../schema/config/routes.ts";
import { type FlowKey, readKnownKey } from "../../../schema/queries/flow/operate-keys.ts";
import type { KeyOf } from "../../../schema/vocabulary/statuses.ts";
import type { MethodContext } from "./context.ts";
import { OperatorError } from "./operator-error.ts";

/** Whether a destination has keys of limits, and keys of an order. */
type Has = Readonly<Record<KeyOf, boolean>>;

/**
 * Decides whether to pause a key of the limits or of the order if the caller does not say. It takes the limits if one of them has a key, and
 * otherwise the order. It reads the configuration, or the database if the configuration is not known. @throws OperatorError `conflict` if the
 * destination has no such keys, or the key could be either
 */
export async function kindToPause(context: MethodContext, flow: FlowKey, of: KeyOf | undefined): Promise<KeyOf> {
  const { destination, key } = flow;
  const has = await readKeys(context, flow);
  if (of === undefined && key === "" && has.limits && has.order && !has.certain)
    throw new OperatorError(
      "conflict",
      `${destination} has the key "" both of its limits and of its order: say which one with of`,
    );
  const kind = of ?? (has.order && !has.limits ? "order" : "limits");
  if (has[kind]) return kind;
  throw new OperatorError(
    "conflict",
    `${destination} has no ${kind === "order" ? "order" : "limit with a key"}, so it has no key ${JSON.stringify(key)}: pause the destination instead`,
  );
}

/** Decides whether to resume a key of the limits or of the order if the caller does not say: whichever is paused. */
export async function kindToResume(context: MethodContext, flow: FlowKey, of: KeyOf | undefined): Promise<KeyOf> {
  if (of !== undefined) return of;
  const has = await readKeys(context, flow);
  if (has.paused.limits || has.paused.order) return has.paused.limits ? "limits" : "order";
  return has.order && !has.limits ? "order" : "limits";
}

/** Refuses to set limits of a key unless a limit of the destination has a key. @throws OperatorError `conflict` */
export async function refuseUnlimitedKey(context: MethodContext, flow: FlowKey): Promise<void> {
  if ((await readKeys(context, flow)).limits) return;
  throw new OperatorError(
    "conflict",
    `${flow.destination} has no limit with a key, so it has no key ${JSON.stringify(flow.key)}: leave the key out to set limits for the whole destination`,
  );
}

/** Which kinds of keys the destination has, and in which of them this key is paused. */
async function readKeys(context: MethodContext, flow: FlowKey): Promise<Has & { certain: boolean; paused: Has }> {
  const [known] = await context.database.run(readKnownKey(flow));
  const paused = { limits: known?.paused_limits === true, order: known?.paused_order === true };
  const declared = declaredKeys(context, flow.destination);
  if (declared !== undefined) return { ...declared, certain: true, paused };
  const order = known?.order === true || known?.ordered === true;
  // If nothing is known of the destination yet, a key that is not of the order may be of the limits.
  const limits = known?.keyed ?? (flow.key === "" || known?.limits === true || known?.order !== true);
  return { limits: limits || (known?.limits === true && flow.key !== ""), order, certain: false, paused };
}

function declaredKeys({ config }: MethodContext, destination: string): Has | undefined {
  const configured = config();
  const declared = configured && destinationOf(configured, destination);
  if (declared === undefined) return undefined;
  return {
    limits: declared.limits?.some(({ key }) => key !== undefined) === true,
    order: declared.order !== undefined,
  };
}
