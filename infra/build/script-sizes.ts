import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { MAIN_MODULE, type ScriptName } from "../cloudflare/scripts.ts";

/** A script that `npm run build` makes: one to upload, or the local stack's first Worker. */
export type BuiltScript = ScriptName | "gateway";

/**
 * Largest size of each built script, gzipped, in bytes. Ours, far below the platform's 10 MB: what is larger starts later, and
 * grew because of a library that nobody looked at. Whoever needs more says so here.
 * @see https://developers.cloudflare.com/workers/platform/limits/#worker-size
 */
export const MAX_SCRIPT_BYTES: Readonly<Record<BuiltScript, number>> = {
  hub: 325_000,
  executor: 270_000,
  console: 150_000,
  gateway: 5_000,
  demo: 10_000,
  "demo-consumers": 10_000,
};

/** What is wrong with a script's size, or `undefined`. */
export function sizeFault(name: BuiltScript, bytes: number): string | undefined {
  const most = MAX_SCRIPT_BYTES[name];
  if (bytes <= most) return undefined;
  return `${name}: the built script has ${bytes} bytes gzipped, ${bytes - most} more than the ${most} of MAX_SCRIPT_BYTES (infra/build/script-sizes.ts)`;
}

/** The faults of the scripts that lie below `directory`, each in a directory of its name. */
export async function sizeFaults(directory: string): Promise<string[]> {
  const names = Object.keys(MAX_SCRIPT_BYTES) as BuiltScript[];
  const faults = names.map(async (name) => {
    const packed = await promisify(gzip)(await readFile(join(directory, name, MAIN_MODULE)));
    return sizeFault(name, packed.byteLength) ?? [];
  });
  return (await Promise.all(faults)).flat();
}
