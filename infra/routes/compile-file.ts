import { type CompiledRoutes, compileRoutes, RouteConfigError } from "../../workers/hub/routing/index.ts";
import { FileFaults, JsonFile } from "./json-file.ts";

/**
 * Compiles the route configuration in a file of JSON, or of JSON with comments and trailing commas; `strict` if it has none of these.
 *
 * @throws FileFaults with the line and column of each fault.
 */
export function compileFile(path: string): { routes: CompiledRoutes; strict: boolean } {
  const file = new JsonFile(path);
  const value = file.value();
  try {
    return { routes: compileRoutes(value), strict: file.strict };
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    throw new FileFaults(error.faults.map((fault) => file.line(fault)));
  }
}
