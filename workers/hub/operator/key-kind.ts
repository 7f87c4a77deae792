import { destinationOf } from "../../../schema/config/routes.ts";
import { type FlowKey, readKnownKey } from "../../../schema/queries/flow/operate-keys.ts";
import type { KeyOf } from "../../../schema/vocabulary/statuses.ts";
import type { MethodContext } from "./context.ts";
import { OperatorError } from "./operator-error.ts";

const name = JSON.stringify;

/**
 * What a key to be paused is of, if the caller does not say: by the configuration, of a limit where one has a key, else of the order; without
 * a configuration by what is there. @throws OperatorError `conflict` if it is of nothing, or could be of both
 */
export async function kindToPause(context: MethodContext, flow: FlowKey, of: KeyOf | undefined): Promise<KeyOf> {
  const { destination, key } = flow;
  const has = declaredKeys(context, destination);
  if (has === undefined) {
    if (of !== undefined) return of;
    const known = await read(context, flow);
    if (key === "" && known.limits && known.order)
      throw new OperatorError(
        "conflict",
        `${destination} has the key "" of limits and of its order: say which, with of`,
      );
    return known.order && !known.limits ? "order" : "limits";
  }
  const kind = of ?? (has.order && !has.limits ? "order" : "limits");
  if (has[kind]) return kind;
  const what = kind === "order" ? "no order" : "no limit with a key";
  throw new OperatorError(
    "conflict",
    `${destination} has ${what}, so that it has no key ${name(key)}: pause the destination`,
  );
}

/** What a key to be resumed is of: of what it is paused. */
export async function kindToResume(context: MethodContext, flow: FlowKey, of: KeyOf | undefined): Promise<KeyOf> {
  if (of !== undefined) return of;
  const known = await read(context, flow);
  if (known.paused_limits || known.paused_order) return known.paused_limits ? "limits" : "order";
  const has = declaredKeys(context, flow.destination) ?? known;
  return has.order && !has.limits ? "order" : "limits";
}

/** Limits of a key count where a limit of the configuration has one. @throws OperatorError `conflict` */
export function refuseUnlimitedKey(context: MethodContext, destination: string, key: string): void {
  if (declaredKeys(context, destination)?.limits !== false) return;
  throw new OperatorError(
    "conflict",
    `${destination} has no limit with a key, so that it has no key ${name(key)}: leave the key out, for all of it`,
  );
}

/** Whether a destination's configuration has keys of limits and of an order; `undefined` where it is not known. */
function declaredKeys({ config }: MethodContext, destination: string): Record<KeyOf, boolean> | undefined {
  const configured = config();
  const declared = configured && destinationOf(configured, destination);
  if (declared === undefined) return undefined;
  return {
    limits: declared.limits?.some(({ key }) => key !== undefined) === true,
    order: declared.order !== undefined,
  };
}

async function read({ database }: MethodContext, flow: FlowKey) {
  const [known] = await database.run(readKnownKey(flow));
  return known ?? { limits: false, order: false, paused_limits: false, paused_order: false };
}
