import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** Directories that contain no Worker of the project. */
const PASSED_OVER = new Set(["node_modules", "dist", "build", "coverage"]);

/** How deep below the root configurations are searched for. */
const MAX_DEPTH = 4;

const CONFIGURATION = /^(.+\.)?wrangler\.(jsonc|json|toml)$/;

/**
 * The wrangler configurations below a directory, in the order of their paths: `wrangler.jsonc`, `.json` or `.toml`, also with a prefix
 * (`consumers.wrangler.jsonc`). Hidden directories, and those of packages and builds, are skipped.
 */
export function findConfigurations(root: string): string[] {
  return search(root, 0).sort();
}

function search(directory: string, depth: number): string[] {
  return entries(directory).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return CONFIGURATION.test(entry.name) ? [path] : [];
    const enter =
      entry.isDirectory() && depth < MAX_DEPTH && !entry.name.startsWith(".") && !PASSED_OVER.has(entry.name);
    return enter ? search(path, depth + 1) : [];
  });
}

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // not readable, so no Worker of the project is in it
  }
}
