import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { PACKAGE } from "../package-root.ts";
import { moduleOf } from "./source.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** What a Worker is for the hub: one of its parts, or a Worker of the project's own. */
export type Role = "hub" | "executor" | "console" | "own";

/** Which entry of the package a part's main module imports. */
const ENTRIES = [
  ["hub", `${PACKAGE}/hub`],
  ["executor", `${PACKAGE}/executor`],
] as const;

/** Tells a part of the hub from a Worker of the project's own: by what its main module imports, else by the bindings that only it has. */
export function roleOf(file: WranglerFile): Role {
  const { main, config } = file;
  if (main?.replaceAll("\\", "/").includes(`${PACKAGE}/dist/workers-scripts/console/`)) return "console";
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
