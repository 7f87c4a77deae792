import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

/** A script from `npm run build`. */
export type ScriptName = "hub" | "executor" | "console" | "metrics" | "demo" | "demo-consumers";

/** A module of a Worker, in the form of the upload. */
export interface ScriptModule {
  name: string;
  contentType: "application/javascript+module";
  contentBase64: string;
}

/** The module that has a Worker's `export default`. */
export const MAIN_MODULE = "worker.js";

/**
 * The modules of a script. If it takes a route configuration, that is a module of its own.
 *
 * @throws An Error if the scripts have not been built.
 */
export function readScript(name: ScriptName, configuration?: unknown): ScriptModule[] {
  const file = join(packageRoot(), "dist", "workers-scripts", name, MAIN_MODULE);
  if (!existsSync(file)) throw new Error(`${file} does not exist: run npm run build`);
  const main = esModule(MAIN_MODULE, readFileSync(file));
  return configuration === undefined ? [main] : [main, esModule("routing.js", routingModule(configuration))];
}

/** JSON as text, which V8 reads several times faster than an object literal. The upload also has no JSON modules. */
function routingModule(configuration: unknown): Buffer {
  return Buffer.from(`export default JSON.parse(${JSON.stringify(JSON.stringify(configuration))});\n`);
}

function esModule(name: string, content: Buffer): ScriptModule {
  return { name, contentType: "application/javascript+module", contentBase64: content.toString("base64") };
}
