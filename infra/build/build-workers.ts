/**
 * The last part of `npm run build`: the scripts of the deployable Workers, bundled as wrangler would, for the Pulumi component to upload, and those
 * of the local stack's gateway and of the probe. Each is dist/workers-scripts/<name>/worker.js. The route configuration is left out: the script
 * imports it from the module routing.js beside it, which the component makes. Ends with 1 if a script has outgrown its limit.
 */
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { packageRoot } from "../package-root.ts";
import { buildBrowserScripts } from "./build-browser.ts";
import { sizeFaults } from "./script-sizes.ts";

const root = packageRoot();
const outdir = join(root, "dist", "workers-scripts");

const configurationApart: Plugin = {
  name: "configuration-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/routing\.json$/ }, () => ({ path: "./routing.js", external: true }));
  },
};

/** The bundling options of every Worker's script. */
export const BUNDLING: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2024",
  // As wrangler bundles: https://developers.cloudflare.com/workers/wrangler/bundling/
  conditions: ["workerd", "worker", "browser"],
  mainFields: ["browser", "module", "main"],
  external: ["cloudflare:*", "node:*"],
  keepNames: true,
  // Lines and names stay as they are, for stack traces.
  minifySyntax: true,
  logLevel: "warning",
};

/** The browser's files, as in the rules of the console's wrangler configuration. */
export const CONSOLE_LOADER: NonNullable<BuildOptions["loader"]> = {
  ".css": "text",
  ".svg": "text",
  ".min.js": "text",
  ".browser.js": "text",
};

/** Builds all of them (0.3 s). */
export async function buildWorkers(): Promise<void> {
  await buildBrowserScripts();
  const options: BuildOptions = { ...BUNDLING, outdir, plugins: [configurationApart] };
  await build({
    ...options,
    entryPoints: {
      "hub/worker": "workers/hub/worker.ts",
      "executor/worker": "workers/executor/worker.ts",
      "demo/worker": "workers/demo/worker.ts",
      "demo-consumers/worker": "workers/demo/consumers.ts",
      "metrics/worker": "workers/metrics/worker.ts",
      "gateway/worker": "workers/gateway/worker.ts",
      "probe/worker": "workers/probe/worker.ts",
    },
  });
  await build({ ...options, entryPoints: { "console/worker": "workers/console/worker.ts" }, loader: CONSOLE_LOADER });
}

if (import.meta.main) {
  await buildWorkers();
  const faults = await sizeFaults(outdir);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
