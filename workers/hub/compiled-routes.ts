import { configurationSource, type RoutingEnv } from "../../schema/config/source.ts";
import { EmitError } from "../../schema/contract/emit-error.ts";
import { errorText, log } from "../../schema/text/log.ts";
import { MisconfiguredError } from "../../schema/vocabulary/misconfigured-error.ts";
import { type CompiledRoutes, compileRoutes, RouteConfigError } from "./routing/index.ts";

/** Places of faults that a caller is told. */
const MAX_TOLD_PLACES = 10;

/** Compiled once an isolate for each configuration; a faulty one is refused each time with its faults. */
const compiled = new Map<unknown, CompiledRoutes>();

/** The routes of a Worker's configuration. @throws EmitError or MisconfiguredError, both with the code `misconfigured` */
export function routesOf(configuration: unknown, env: RoutingEnv): CompiledRoutes {
  const key = configuration ?? env.EVENTHUB_ROUTING;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  try {
    const routes = compileRoutes(configurationSource(configuration, env));
    compiled.set(key, routes);
    // No fault: what is emitted is kept, and a replay routes it. Said once an isolate, since nobody expects it on the first day.
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

/** What callers are told: where the faults are. What stands there is the hub's operators' to know, whom the log tells. */
function refusal(cause: unknown): string {
  if (!(cause instanceof RouteConfigError)) return cause instanceof Error ? cause.message : String(cause);
  const places = cause.faults.slice(0, MAX_TOLD_PLACES).map(({ path }) => path || "its top");
  if (cause.faults.length > MAX_TOLD_PLACES) places.push("...");
  const count = cause.faults.length === 1 ? "a fault" : `${cause.faults.length} faults`;
  return `the hub's route configuration has ${count}, at ${places.join(", ")}: its log says what they are, and so does npx cf-eventhub-workflows routes check`;
}
