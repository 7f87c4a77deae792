import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";

/**
 * Writes a file that others watch: they read it completely, and are not notified if it is unchanged, unless `anyway`.
 *
 * @returns Whether it was written.
 */
export async function replace(file: string, text: string, mode: number, anyway = false): Promise<boolean> {
  if (!anyway && existsSync(file) && readFileSync(file, "utf8") === text) return false;
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
  return true;
}
