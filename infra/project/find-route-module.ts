import { dirname, resolve } from "node:path";
import { moduleOf } from "./read-source.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** The JSON module with the route configuration that a Worker's main module imports. */
export interface RouteModule {
  /** As written in the import: `./routing.json`. */
  specifier: string;
  /** An absolute path. */
  path: string;
  /** The place of the import: `<file>:<line>:<column>`. */
  place: string;
}

/**
 * The JSON module that a hub or an executor uses as its `configuration`. `undefined` if it has none and uses the variable `EVENTHUB_ROUTING`, or if
 * it is not imported in the main module.
 */
export function routeModuleOf(file: WranglerFile): RouteModule | undefined {
  const { main } = file;
  const { text, code, imports } = moduleOf(file);
  for (const { clause, specifier, offset } of imports) {
    if (main === undefined || !/^\w+$/.test(clause) || !/^\.{1,2}\/.+\.json$/.test(specifier)) continue;
    if (!new RegExp(`\\bconfiguration\\b[^;\\n]*=\\s*${clause}\\b`).test(code)) continue;
    const before = text.slice(0, offset).split("\n");
    const place = `${main}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    return { specifier, path: resolve(dirname(main), specifier), place };
  }
  return undefined;
}

/** Whether a Worker's main module sets a `configuration`, from whatever source. */
export const hasConfiguration = (file: WranglerFile): boolean => /\bconfiguration\b[^;\n]*=/.test(moduleOf(file).code);
