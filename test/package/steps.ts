import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { guard } from "../../infra/local/processes/watchdog.ts";
import manifest from "../../package.json" with { type: "json" };
import { cleanEnvironment } from "../support/installed-package.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** A command that did not do what it should; the message contains its output. */
export class StepFailed extends Error {}

/** Runs a command in a folder like a person would, without a terminal. Prints how long it took, and returns its output. */
export async function step(cwd: string, call: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  const started = performance.now();
  const child = spawn(call, { cwd, shell: true, env: environment(more), stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const take = (chunk: Buffer) => {
    printed += chunk;
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const text = stripVTControlCharacters(printed).trim();
  const took = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${took} s  ${call}`);
  if (code !== 0) throw new StepFailed(`${call} ended with ${code} in ${cwd}:\n${text}`);
  return text;
}

/** The environment of a shell whose user has Node and npm, but nothing of this repository. */
function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH = "", ...clean } = cleanEnvironment({ CI: "", WRANGLER_SEND_METRICS: "false", ...more });
  const own = PATH.split(":").filter((folder) => !folder.startsWith(join(ROOT, "node_modules")));
  // Node itself comes from the repository, as the package `node`.
  return { ...clean, PATH: [join(ROOT, "node_modules", "node", "bin"), ...own].join(":") };
}

/** Packs the built files into a new folder outside of the repository and runs the work on it. Then removes the folder, unless it is to be kept. */
export async function withPackage(
  name: string,
  work: (folder: string, tarball: string) => Promise<void>,
  { keep = false } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `eventhub-${name}-`));
  const release = keep ? undefined : guard({ kind: "directory", path: folder });
  try {
    await step(ROOT, `npm pack --ignore-scripts --silent --pack-destination ${folder}`);
    await work(folder, join(folder, `${manifest.name}-${manifest.version}.tgz`));
  } finally {
    if (keep) console.log(`\nkept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
    release?.();
  }
}

/** @throws StepFailed if the text does not match, with the text. */
export function expectText(text: string, pattern: RegExp, what: string): void {
  if (!pattern.test(text)) throw new StepFailed(`${what}: ${pattern} is not in\n${text}`);
}
