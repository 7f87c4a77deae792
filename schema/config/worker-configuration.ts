import { firstDayText } from "../vocabulary/first-day.ts";
import { MisconfiguredError } from "../vocabulary/misconfigured-error.ts";
import { parseRouteConfig, type RouteConfig } from "./routes.ts";

/** The variable that holds a small configuration. */
export interface RoutingEnv {
  EVENTHUB_ROUTING?: unknown;
}

/**
 * The route configuration as it was uploaded with a Worker: the module, or else the variable `EVENTHUB_ROUTING` (JSON text or an object), which holds
 * 5 KB at most.
 *
 * @throws MisconfiguredError if there is neither, or if the variable is not JSON.
 */
export function configurationSource(module: unknown, { EVENTHUB_ROUTING: variable }: RoutingEnv): unknown {
  if (module !== undefined) return module;
  if (variable === undefined) {
    throw new MisconfiguredError(firstDayText("no_routes_given"));
  }
  if (typeof variable !== "string") return variable;
  try {
    return JSON.parse(variable);
  } catch (cause) {
    throw new MisconfiguredError(firstDayText("routes_not_json"), { cause });
  }
}

const parsed = new WeakMap<object, RouteConfig>();

/** Parses a configuration once per isolate: the same module gives the same object. */
export function configurationOf(module: unknown, env: RoutingEnv): RouteConfig {
  const source = configurationSource(module, env);
  if (typeof source !== "object" || source === null) return parseRouteConfig(source);
  const known = parsed.get(source) ?? parseRouteConfig(source);
  parsed.set(source, known);
  return known;
}
