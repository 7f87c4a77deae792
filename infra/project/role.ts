import { readFileSync } from "node:fs";
import { PACKAGE } from "../package-root.ts";
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
  const source = sourceOf(file);
  for (const [role, entry] of ENTRIES) if (importsFrom(source, entry)) return role;
  if (
    config.workflows?.some(
      ({ binding, script_name }) => binding === "DISPATCH" && (script_name ?? file.name) === file.name,
    )
  )
    return "executor";
  if (config.queues?.producers?.some(({ binding }) => binding === "EVENTHUB_QUEUE")) return "hub";
  if (config.services?.some(({ binding, entrypoint }) => binding === "OPERATOR" && entrypoint === "Operator"))
    return "console";
  return "own";
}

/** The text of a Worker's main module; empty if there is none. */
export function sourceOf({ main }: WranglerFile): string {
  try {
    return main === undefined ? "" : readFileSync(main, "utf8");
  } catch {
    return "";
  }
}

function importsFrom(source: string, entry: string): boolean {
  return source.includes(`"${entry}"`) || source.includes(`'${entry}'`);
}
