import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Directories that hold nothing of ours, in addition to the hidden ones. */
const PASSED_OVER = ["node_modules", "dist"];

/** All files below a directory whose path is wanted. `passedOver` names further directories to leave out. */
export function findFiles(
  directory: string,
  wanted: (path: string) => boolean,
  passedOver: readonly string[] = [],
): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return wanted(path) ? [path] : [];
    const isOurs =
      entry.isDirectory() && !entry.name.startsWith(".") && ![...PASSED_OVER, ...passedOver].includes(entry.name);
    return isOurs ? findFiles(path, wanted, passedOver) : [];
  });
}
