/**
 * The console's scripts for the browser, each bundled with what it shares with the Worker: `workers/console/assets/<name>.browser.js` becomes
 * `dist/browser/<name>.browser.js`, which the console serves. A part of `npm run build`, and wrangler's custom build of the console.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { readBareCall } from "../cli/script-call.ts";
import { packageRoot } from "../package-root.ts";

const root = packageRoot();

/** Bundles all of them (20 ms). A file that would not change is not written, so that its readers always read it completely. */
export async function buildBrowserScripts(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["workers/console/assets/*.browser.js"],
    outdir: "dist/browser",
    bundle: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "warning",
  });
  await mkdir(join(root, "dist/browser"), { recursive: true });
  for (const { path, text } of outputFiles) {
    if ((await readFile(path, "utf8").catch(() => undefined)) !== text) await writeFile(path, text);
  }
}

if (import.meta.main) {
  readBareCall("build:browser", "Bundles the console's scripts for the browser.");
  await buildBrowserScripts();
}
