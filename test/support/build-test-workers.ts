import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { BUNDLING, CONSOLE_LOADER } from "../../infra/build/build-workers.ts";

/** The Workers of the tests' systems. */
const SCRIPTS = {
  producer: "test/workers/producer.ts",
  methods: "test/workers/methods.ts",
  hub: "test/workers/hub.ts",
  "unrouted hub": "test/workers/unrouted-hub.ts",
  "defined hub": "test/workers/defined-hub.ts",
  executor: "test/workers/executor.ts",
  consumers: "test/workers/consumers.ts",
  "faulty hub": "test/workers/faulty/hub.ts",
  "faulty executor": "test/workers/faulty/executor.ts",
};
const CONSOLES = {
  console: "workers/console/worker.ts",
  "console with keys": "test/workers/console.ts",
};

/** Where the script of each Worker is. */
export type TestWorkers = Record<keyof typeof SCRIPTS | keyof typeof CONSOLES, string>;

/** Bundles the Workers of the tests' systems once for all test files: wrangler would for each file, which is most of a system's start. */
export async function buildTestWorkers(outdir: string): Promise<TestWorkers> {
  const [scripts, consoles] = await Promise.all([
    bundleWorkers(outdir, SCRIPTS),
    bundleWorkers(outdir, CONSOLES, { loader: CONSOLE_LOADER }),
  ]);
  return { ...scripts, ...consoles } as TestWorkers;
}

/**
 * Bundles each of these scripts, and says where it is, for Workers with `no_bundle`.
 *
 * Minified, as wrangler does it: each start of a system reads, encodes and parses the scripts several times, and copies all of them anew
 * for each 4 kB of them.
 */
export async function bundleWorkers(
  outdir: string,
  scripts: Record<string, string>,
  options: BuildOptions = {},
): Promise<Record<string, string>> {
  // Each alone in its directory, as wrangler takes what lies beside a script for its modules.
  const places = Object.entries(scripts).map(([name, script]) => {
    const out = join(outdir, name.replace(" ", "-"), "worker");
    return { name, in: script, out };
  });
  const entryPoints = places.map(({ in: script, out }) => ({ in: script, out }));
  await build({ ...BUNDLING, ...options, minify: true, outdir, entryPoints });
  return Object.fromEntries(places.map(({ name, out }) => [name, `${out}.js`]));
}
