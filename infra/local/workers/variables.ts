import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WranglerFile } from "../../project/wrangler-file.ts";

/** The files that a Worker's local secrets come from: `.dev.vars`, or else the two others. */
export function secretFilesOf({ path }: WranglerFile): string[] {
  return [".dev.vars", ".env", ".env.local"].map((name) => join(dirname(path), name));
}

/**
 * The text of the `.dev.vars` beside a configuration's copy: what the project has beside the configuration, and behind it, so that it holds,
 * what the stack sets.
 */
export function variablesOf(file: WranglerFile, set: Readonly<Record<string, string>>): string {
  const [devVars = "", ...environment] = secretFilesOf(file);
  const own = existsSync(devVars) ? [devVars] : environment.filter(existsSync);
  return [...own.map((path) => readFileSync(path, "utf8").trimEnd()), formatVariables(set)]
    .filter((text) => text !== "")
    .join("\n");
}

/** Variables as a file of them has them. */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  // In a URL these characters may be escaped, and in this file they would mean something.
  const clean = (value: string) => value.replace(/['"`$#\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${clean(value)}'\n`)
    .join("");
}
