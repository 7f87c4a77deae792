import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where tests keep files that take long to get, for all clones of the repository. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cf-eventhub");

/**
 * A directory that is filled once per user.
 *
 * It is filled elsewhere and then renamed, so that neither a second process nor one that is killed leaves it incomplete.
 *
 * @param name Includes a version: a directory that exists is used as it is.
 * @param fill Gets the directory to fill, and its final place.
 */
export async function cached(name: string, fill: (fresh: string, place: string) => Promise<unknown>): Promise<string> {
  const place = join(CACHE, name);
  if (existsSync(place)) return place;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(`${place}-`);
  try {
    await fill(fresh, place);
    await rename(fresh, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error; // otherwise another process was faster
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return place;
}
