import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WranglerFile } from "./wrangler-file.ts";

/** The files that wrangler may take a Worker's secrets from on this machine; {@link secretFilesInUse} are those that it takes. */
export function secretFilesOf({ path }: Pick<WranglerFile, "path">): [devVars: string, env: string, local: string] {
  const beside = (name: string) => join(dirname(path), name);
  return [beside(".dev.vars"), beside(".env"), beside(".env.local")];
}

/**
 * `.dev.vars` if it is there, or else what there is of the two others, of which the later one holds.
 * @see https://developers.cloudflare.com/workers/development-testing/environment-variables/
 */
export function secretFilesInUse(file: Pick<WranglerFile, "path">): string[] {
  const [devVars, ...environment] = secretFilesOf(file);
  return existsSync(devVars) ? [devVars] : environment.filter((path) => existsSync(path));
}
