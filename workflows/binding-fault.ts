import { DESTINATION_KINDS, type Destination, workflowsOf } from "../schema/config/destinations/index.ts";
import { isWebhookSecret, WEBHOOK_SECRET_RULE } from "../schema/config/destinations/webhook-secret.ts";
import { destinationOf, type RouteConfig } from "../schema/config/routes.ts";
import { firstDayText } from "../schema/vocabulary/first-day.ts";
import type { Bindings } from "./kinds/kind.ts";

/**
 * The kinds of bindings, by their class in workerd (`constructor.name`). Only its class tells a Worker's stub from other bindings, since a stub seems
 * to have every method.
 */
const WHAT_BY_CLASS: ReadonlyMap<string, string> = new Map([
  // An executor may have one, but no kind of destination uses it.
  ["KvNamespace", "a KV namespace"],
  ...Object.values(DESTINATION_KINDS).flatMap(({ binding }) =>
    binding === undefined ? [] : [[binding.class, binding.what] as const],
  ),
]);

/** Why a destination cannot be called through the binding of its name; `undefined` if it can. */
export function bindingFault({ kind }: Destination, name: string, binding: unknown): string | undefined {
  const wanted = DESTINATION_KINDS[kind].binding?.what;
  if (wanted === undefined) return undefined;
  if (binding === undefined) return `the executor has no binding ${name}`;
  if (typeof binding !== "object" || binding === null)
    return `the executor's binding ${name} is a ${typeof binding}, not ${wanted}`;
  if (cannotCall(binding)) return firstDayText("old_compatibility_date");
  const actual = WHAT_BY_CLASS.get(binding.constructor.name);
  // A class that is not known here passes: the call will show whether it fits.
  return actual === undefined || actual === wanted
    ? undefined
    : `the executor's binding ${name} is ${actual}, not ${wanted}`;
}

/** Whether this Worker's compatibility date is too old for RPC: then a Worker's stub does not have every method. */
function cannotCall(binding: object): boolean {
  return binding.constructor.name === "Fetcher" && typeof (binding as { handle?: unknown }).handle !== "function";
}

/** Why a webhook cannot be signed with the secret of this name; `undefined` if it can. */
export function secretFault(name: string, bindings: Bindings): string | undefined {
  const secret = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  if (typeof secret !== "string" || secret === "") return `the executor has no secret ${name}`;
  // The library would also decode text that is not base64.
  return isWebhookSecret(secret) ? undefined : `the secret ${name} ${WEBHOOK_SECRET_RULE}`;
}

/** Everything that the destinations of enabled routes need, and that the executor's environment lacks or has in the wrong form. */
export function bindingFaults(bindings: Bindings, config: RouteConfig): string[] {
  const names = new Set(config.routes.filter(({ enabled }) => enabled).map(({ destination }) => destination));
  return [...names].flatMap((name) => {
    const destination = destinationOf(config, name);
    if (destination === undefined) return [];
    const secrets = "secrets" in destination ? destination.secrets : [];
    return [
      bindingFault(destination, name, Object.hasOwn(bindings, name) ? bindings[name] : undefined),
      ...workflowsOf(destination).map((workflow) =>
        Object.hasOwn(bindings, workflow)
          ? undefined
          : `the executor has no binding ${workflow}, the Workflow of ${name}`,
      ),
      ...secrets.map((secret) => secretFault(secret, bindings)),
    ].filter((fault) => fault !== undefined);
  });
}
