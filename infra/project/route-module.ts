import { dirname, resolve } from "node:path";
import { sourceOf } from "./role.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** The JSON module with the route configuration, as a Worker's main module imports it. */
export interface RouteModule {
  /** As it stands in the import: `./routing.json`. */
  specifier: string;
  /** Absolute. */
  path: string;
}

const JSON_IMPORT = /^\s*import\s+(\w+)\s+from\s+(["'])(\.{1,2}\/[^"'\n]+\.json)\2/gm;

/**
 * The JSON module that a hub or an executor gives as its `configuration`; `undefined` if it has none, and takes the variable `EVENTHUB_ROUTING`,
 * or imports it somewhere else than in its main module.
 */
export function routeModuleOf(file: WranglerFile): RouteModule | undefined {
  const { main } = file;
  const source = sourceOf(file);
  for (const [, name, , specifier] of source.matchAll(JSON_IMPORT)) {
    if (main === undefined || specifier === undefined) continue;
    if (new RegExp(`\\bconfiguration\\b[^;\\n]*=\\s*${name}\\b`).test(source))
      return { specifier, path: resolve(dirname(main), specifier) };
  }
  return undefined;
}
