import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of a package as it is installed for what is in `start`: there, or in a directory above, as in a workspace. It may be a link.
 * Not every package lets its package.json be resolved, so the directories are looked at.
 */
export function findPackage(name: string, start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (directory === dirname(directory)) return undefined;
  }
}
