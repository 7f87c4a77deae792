import { realpathSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { findPackage as findInstalled } from "../project/find-package.ts";
import { UserError } from "../user-error.ts";

/**
 * The directory of a package that a project has installed, or else that this package has; `undefined` if neither has it. A project may be beside this
 * package.
 */
export function findPackage(name: string, root: string): string | undefined {
  const directory = findInstalled(name, root) ?? findInstalled(name, packageRoot());
  // The real directory, since its dependencies are beside that, and not beside a link to it.
  return directory === undefined ? undefined : realpathSync(directory);
}

/** The command of the project's wrangler: a JavaScript file for Node. @throws {UserError} If it is not installed. */
export function findWrangler(root: string): string {
  const directory = findPackage("wrangler", root);
  if (directory !== undefined) return join(directory, "bin/wrangler.js");
  throw new UserError(`wrangler is not installed in ${root}: npm install --save-dev wrangler`);
}
