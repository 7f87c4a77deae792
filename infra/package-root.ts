import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The name of this package where it is installed. */
export const PACKAGE = "cf-eventhub-workflows";

/**
 * The folder of this package's package.json. It works for files in the repository, and for those in dist/ of the package.
 *
 * @throws An Error if there is none: the code was bundled, away from its files.
 */
export function packageRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let directory = here; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) throw new Error(`there is no package.json in ${here} or above it`);
  }
}
