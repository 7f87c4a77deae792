import { dirname, resolve } from "node:path";
import { moduleOf } from "./source.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** The JSON module with the route configuration, as a Worker's main module imports it. */
export interface RouteModule {
  /** As it stands in the import: `./routing.json`. */
  specifier: string;
  /** Absolute. */
  path: string;
  /** Where it is imported: `<file>:<line>:<column>`. */
  place: string;
}

/**
 * The JSON module that a hub or an executor gives as its `configuration`; `undefined` if it has none, and takes the variable `EVENTHUB_ROUTING`,
 * or imports it somewhere else than in its main module.
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

/** Whether a Worker's main module gives a `configuration`, from wherever. */
export const hasConfiguration = (file: WranglerFile): boolean => /\bconfiguration\b[^;\n]*=/.test(moduleOf(file).code);
