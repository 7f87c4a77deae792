import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of a package as it is installed for `start`: there, or in a directory above, as in a workspace. It may be a link. This searches
 * directories, since not every package allows resolving its package.json.
 */
export function findPackage(name: string, start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (directory === dirname(directory)) return undefined;
  }
}
