import { configurationSource, type RoutingEnv } from "../../schema/config/worker-configuration.ts";
import { EmitError } from "../../schema/contract/emit-error.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import { MisconfiguredError } from "../../schema/vocabulary/misconfigured-error.ts";
import { type CompiledRoutes, compileRoutes, RouteConfigError } from "./routing/index.ts";

/** The most places of faults that a caller is told. */
const MAX_TOLD_PLACES = 10;

/** Each configuration is compiled once per isolate. A faulty one is refused each time, with its faults. */
const compiled = new Map<unknown, CompiledRoutes>();

/** The routes of a Worker's configuration. @throws EmitError or MisconfiguredError, both with the code `misconfigured` */
export function routesOf(configuration: unknown, env: RoutingEnv): CompiledRoutes {
  const key = configuration ?? env.EVENTHUB_ROUTING;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  try {
    const routes = compileRoutes(configurationSource(configuration, env));
    compiled.set(key, routes);
    // No routes are no fault: events are stored, and a replay routes them. It is logged once per isolate, because on the first day nobody expects it.
    if (routes.config.routes.length === 0) log("warn", "configuration.no_routes", {});
    return routes;
  } catch (cause) {
    log("error", "configuration.refused", {
      error: cause instanceof RouteConfigError ? cause.message : errorText(cause),
    });
    if (cause instanceof MisconfiguredError) throw cause;
    throw new EmitError("misconfigured", refusal(cause), { cause });
  }
}

/** Tells callers only where the faults are. The details are for the hub's operators, who find them in the log. */
function refusal(cause: unknown): string {
  if (!(cause instanceof RouteConfigError)) return cause instanceof Error ? cause.message : String(cause);
  const places = cause.faults.slice(0, MAX_TOLD_PLACES).map(({ path }) => path || "its top");
  if (cause.faults.length > MAX_TOLD_PLACES) places.push("...");
  const count = cause.faults.length === 1 ? "a fault" : `${cause.faults.length} faults`;
  return `the hub's route configuration has ${count}, at ${places.join(", ")}: see the hub's log, or run npx cf-eventhub-workflows routes check`;
}
