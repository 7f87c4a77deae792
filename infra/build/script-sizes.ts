import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { MAIN_MODULE, type ScriptName } from "../cloudflare/read-script.ts";

/** A script from `npm run build`: one to upload, the local stack's first Worker, or the probe. */
export type BuiltScript = ScriptName | "gateway" | "probe";

/**
 * The largest size of each built script, gzipped, in bytes. Ours, far below the platform's 10 MB: a larger script starts more slowly, and has
 * probably grown because of an unnoticed library. Anybody who needs more must raise the limit here.
 *
 * @see https://developers.cloudflare.com/workers/platform/limits/#worker-size
 */
export const MAX_SCRIPT_BYTES: Readonly<Record<BuiltScript, number>> = {
  // 288 kB when this limit was 300, 332 kB now: limits and order of destinations 13, events checked by their definition 15, stopped bulk work 2, values in
  // payloads found by index 4, health and tail of destinations 3, traces 7, what is wrong with a deployment and incidents 5, the alarm and poke() 3, audit,
  // routes' health and charts 5. Leaving out the query builder that nobody used took 12 off. One library came with it: fast-sha256, for long keys.
  hub: 345_000,
  executor: 270_000,
  console: 185_000,
  metrics: 120_000,
  gateway: 5_000,
  probe: 5_000,
  demo: 10_000,
  "demo-consumers": 10_000,
};

/** What is wrong with a script's size, or `undefined`. */
export function sizeFault(name: BuiltScript, bytes: number): string | undefined {
  const most = MAX_SCRIPT_BYTES[name];
  if (bytes <= most) return undefined;
  return `${name}: the built script has ${bytes} bytes gzipped, ${bytes - most} more than the ${most} of MAX_SCRIPT_BYTES (infra/build/script-sizes.ts)`;
}

/** The faults of the scripts below `directory`, each of which has a directory of its name. */
export async function sizeFaults(directory: string): Promise<string[]> {
  const names = Object.keys(MAX_SCRIPT_BYTES) as BuiltScript[];
  const faults = names.map(async (name) => {
    const packed = await promisify(gzip)(await readFile(join(directory, name, MAIN_MODULE)));
    return sizeFault(name, packed.byteLength) ?? [];
  });
  return (await Promise.all(faults)).flat();
}
