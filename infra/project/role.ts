import { join } from "node:path";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { PACKAGE, packageRoot } from "../package-root.ts";
import { moduleOf } from "./read-source.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** The role of a Worker: one of the hub's parts, or a Worker of the project's own. */
export type Role = "hub" | "executor" | "console" | "metrics" | "own";

/** The entry of the package that each part's main module imports. */
const ENTRIES = [
  ["hub", `${PACKAGE}/hub`],
  ["executor", `${PACKAGE}/executor`],
] as const;

/** Finds the role of a Worker: from what its main module imports, or else from bindings that only one part has. */
export function roleOf(file: WranglerFile): Role {
  const { main, config } = file;
  const script = main?.replaceAll("\\", "/");
  for (const role of ["console", "metrics"] as const)
    if (script?.includes(`${PACKAGE}/dist/workers-scripts/${role}/`)) return role;
  // No binding identifies it.
  if (main === join(packageRoot(), "workers/metrics/worker.ts")) return "metrics";
  const { imports } = moduleOf(file);
  for (const [role, entry] of ENTRIES) if (imports.some(({ specifier }) => specifier === entry)) return role;
  if (
    config.workflows?.some(
      ({ binding, script_name }) => binding === DEFAULT_WORKFLOW && (script_name ?? file.name) === file.name,
    )
  )
    return "executor";
  if (config.queues?.producers?.some(({ binding }) => binding === "EVENTHUB_QUEUE")) return "hub";
  if (config.services?.some(({ binding, entrypoint }) => binding === "OPERATOR" && entrypoint === "Operator"))
    return "console";
  return "own";
}
