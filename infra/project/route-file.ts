import { existsSync } from "node:fs";
import type { RouteConfig } from "../../schema/config/routes.ts";
import { compileJson } from "../cli/routes/compile-file.ts";
import { routeModuleOf } from "./find-route-module.ts";
import { FileFaults, JsonFile } from "./json-file.ts";
import type { Project } from "./project.ts";

/** A project's route configuration, after reading. */
export interface RouteFile {
  file: JsonFile;
  config: RouteConfig;
}

/** The route configuration of the executor, which calls destinations, or else the hub's; `undefined` if none can be read. */
export function routeFileOf({ executor, hub }: Project): RouteFile | undefined {
  const path = ((executor && routeModuleOf(executor)) ?? (hub && routeModuleOf(hub)))?.path;
  if (path === undefined || !existsSync(path)) return undefined;
  try {
    const file = new JsonFile(path);
    return { file, config: compileJson(file).config };
  } catch (error) {
    if (error instanceof FileFaults) return undefined; // infra/cli/doctor/checks/routes.ts reports them
    throw error;
  }
}
