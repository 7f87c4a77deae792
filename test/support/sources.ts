import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Directories without code of ours. */
const PASSED_OVER = new Set(["node_modules", "dist", "templates", "migrations"]);

/** All files below a directory whose path is wanted. */
export function findSources(directory: string, wanted: (path: string) => boolean): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return wanted(path) ? [path] : [];
    return entry.isDirectory() && !entry.name.startsWith(".") && !PASSED_OVER.has(entry.name)
      ? findSources(path, wanted)
      : [];
  });
}
