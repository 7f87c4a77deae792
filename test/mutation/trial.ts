import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/wrangler-config.ts";

/** The copy in which mutants live, so that nobody who works in the repository meets one. It finds the packages in the folders above it. */
const COPY = join(ROOT, ".data", "mutation");
const LEFT_OUT = new Set([".git", ".data", ".wrangler", "node_modules"]);

/** Packages whose own files a test reads, by path. */
const READ = ["node_modules/jsonata"];

/** How long the tests of one mutant may take, in milliseconds. A mutant that takes longer has an endless loop, which counts as noticed. */
const LIMIT_MS = 180_000;

/** Makes a new copy of the repository. */
export function prepareCopy(): void {
  removeCopy();
  for (const name of [...readdirSync(ROOT).filter((one) => !LEFT_OUT.has(one)), ...READ])
    cpSync(join(ROOT, name), join(COPY, name), { recursive: true });
}

/** Removes the copy, whose package.json the check of the package would take for ours. */
export const removeCopy = (): void => rmSync(COPY, { recursive: true, force: true });

/** Runs tests in the copy with another text in a file, then restores the file. */
export async function trial(file: string, own: string, text: string, tests: readonly string[]) {
  writeFileSync(join(COPY, file), text);
  const args = ["run", "--config", "test/mutation/vitest.config.ts", "--root", "."];
  const child = spawn(join(ROOT, "node_modules", ".bin", "vitest"), args, {
    cwd: COPY,
    env: { ...process.env, MUTATION_TESTS: tests.join(",") },
    stdio: "ignore",
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const [code] = await once(child, "exit");
  writeFileSync(join(COPY, file), own);
  return code === 0 ? "passed" : "failed";
}
