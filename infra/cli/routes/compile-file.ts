import { type CompiledRoutes, compileRoutes, RouteConfigError } from "../../../workers/hub/routing/index.ts";
import { FileFaults, JsonFile } from "../../project/json-file.ts";

/** Compiles the route configuration at a path. @throws FileFaults with the line and column of each fault. */
export function compileFile(path: string): CompiledRoutes {
  return compileJson(new JsonFile(path));
}

/** Compiles the route configuration in a file. @throws FileFaults with the line and column of each fault. */
export function compileJson(file: JsonFile): CompiledRoutes {
  const value = file.value();
  try {
    return compileRoutes(value);
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    throw new FileFaults(error.faults.map((fault) => file.line(fault)));
  }
}
