import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLING, CONSOLE_LOADER } from "../../infra/build/build-workers.ts";

/** The Workers of the tests' systems. */
const SCRIPTS = {
  producer: "test/workers/producer.ts",
  hub: "test/workers/hub.ts",
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
  // Each alone in its directory, as wrangler takes what lies beside a script for its modules.
  const place = (name: string) => join(outdir, name.replace(" ", "-"), "worker");
  const entryPoints = (scripts: Record<string, string>) =>
    Object.entries(scripts).map(([name, script]) => ({ in: script, out: place(name) }));
  await Promise.all([
    build({ ...BUNDLING, outdir, entryPoints: entryPoints(SCRIPTS) }),
    build({ ...BUNDLING, outdir, entryPoints: entryPoints(CONSOLES), loader: CONSOLE_LOADER }),
  ]);
  const names = Object.keys({ ...SCRIPTS, ...CONSOLES });
  return Object.fromEntries(names.map((name) => [name, `${place(name)}.js`])) as TestWorkers;
}
