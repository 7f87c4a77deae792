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
  "crowded hub": "test/workers/crowded-hub.ts",
  "older hub": "test/workers/older-hub.ts",
  executor: "test/workers/executor.ts",
  consumers: "test/workers/consumers.ts",
  metrics: "test/workers/metrics.ts",
  "faulty hub": "test/workers/faulty/hub.ts",
  "faulty executor": "test/workers/faulty/executor.ts",
};
const CONSOLES = {
  console: "workers/console/worker.ts",
  "console with keys": "test/workers/console.ts",
};

/** The path of each Worker's script. */
export type TestWorkers = Record<keyof typeof SCRIPTS | keyof typeof CONSOLES, string>;

/**
 * Bundles the Workers of the tests' systems once for all test files. Otherwise wrangler would bundle them for each file, which takes up most of a
 * system's start.
 */
export async function buildTestWorkers(outdir: string): Promise<TestWorkers> {
  const [scripts, consoles] = await Promise.all([
    bundleWorkers(outdir, SCRIPTS),
    bundleWorkers(outdir, CONSOLES, { loader: CONSOLE_LOADER }),
  ]);
  return { ...scripts, ...consoles } as TestWorkers;
}

/**
 * Bundles each of these scripts for Workers with `no_bundle`, and returns their paths.
 *
 * The scripts are minified, as wrangler does it, since each start of a system reads, encodes and parses them several times, and copies all of them
 * again for every 4 kB.
 */
export async function bundleWorkers(
  outdir: string,
  scripts: Record<string, string>,
  options: BuildOptions = {},
): Promise<Record<string, string>> {
  // Each has a directory of its own, since wrangler treats files beside a script as its modules.
  const places = Object.entries(scripts).map(([name, script]) => {
    const out = join(outdir, name.replace(" ", "-"), "worker");
    return { name, in: script, out };
  });
  const entryPoints = places.map(({ in: script, out }) => ({ in: script, out }));
  await build({ ...BUNDLING, ...options, minify: true, outdir, entryPoints });
  return Object.fromEntries(places.map(({ name, out }) => [name, `${out}.js`]));
}
