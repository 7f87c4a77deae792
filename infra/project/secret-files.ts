import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WranglerFile } from "./wrangler-file.ts";

/** The files from which wrangler may read a Worker's secrets on this machine; {@link secretFilesInUse} are those that it actually reads. */
export function secretFilesOf({ path }: Pick<WranglerFile, "path">): [devVars: string, env: string, local: string] {
  const beside = (name: string) => join(dirname(path), name);
  return [beside(".dev.vars"), beside(".env"), beside(".env.local")];
}

/**
 * `.dev.vars` if it exists; otherwise those of the other two that exist, of which the later one takes precedence.
 *
 * @see https://developers.cloudflare.com/workers/development-testing/environment-variables/
 */
export function secretFilesInUse(file: Pick<WranglerFile, "path">): string[] {
  const [devVars, ...environment] = secretFilesOf(file);
  return existsSync(devVars) ? [devVars] : environment.filter((path) => existsSync(path));
}
