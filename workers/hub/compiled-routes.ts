import { configurationSource } from "../../schema/configuration.ts";
import { EmitError } from "../../schema/emit-error.ts";
import { errorText, log } from "../../workflows/log.ts";
import { type CompiledRoutes, compileRoutes, RouteConfigError } from "./routing/index.ts";

/** Compiled once an isolate for each configuration; a faulty one is refused each time with its faults. */
const compiled = new Map<unknown, CompiledRoutes>();

/** The routes of a Worker's configuration. @throws EmitError `misconfigured` */
export function routesOf(configuration: unknown, variable: unknown): CompiledRoutes {
  const key = configuration ?? variable;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  try {
    const routes = compileRoutes(configurationSource(configuration, variable));
    compiled.set(key, routes);
    return routes;
  } catch (cause) {
    log("error", "configuration.refused", {
      error: cause instanceof RouteConfigError ? cause.message : errorText(cause),
    });
    throw new EmitError("misconfigured", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
