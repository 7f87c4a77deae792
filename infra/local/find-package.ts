import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { UserError } from "../user-error.ts";

/**
 * The directory of a package as a project has it installed, or else as this one has; `undefined` if neither has it. Not every package lets its
 * package.json be resolved, and a project may lie beside this package, so the directories are looked at.
 */
export function findPackage(name: string, root: string): string | undefined {
  return above(name, root) ?? above(name, packageRoot());
}

/** The command of the project's wrangler: its JavaScript, for Node. @throws {UserError} If it is not installed. */
export function findWrangler(root: string): string {
  const directory = findPackage("wrangler", root);
  if (directory !== undefined) return join(directory, "bin/wrangler.js");
  throw new UserError(`wrangler is not installed in ${root}: npm install --save-dev wrangler`);
}

function above(name: string, start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", name);
    // The real one: what it depends on lies beside that, and not beside a link to it.
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (directory === dirname(directory)) return undefined;
  }
}
