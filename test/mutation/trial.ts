import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/wrangler-config.ts";

/** The copy in which mutants live, so that nobody who works in the repository meets one; it finds the packages in the folders above it. */
const COPY = join(ROOT, ".data", "mutation");
const LEFT_OUT = new Set([".git", ".data", ".wrangler", "node_modules"]);

/** Packages whose own text a test reads, by its path. */
const READ = ["node_modules/jsonata"];

/** How long the tests of one mutant may take, in milliseconds: what takes longer has an endless loop, which is noticed, too. */
const LIMIT_MS = 180_000;

/** Copies the repository anew. */
export function prepareCopy(): void {
  rmSync(COPY, { recursive: true, force: true });
  for (const name of [...readdirSync(ROOT).filter((one) => !LEFT_OUT.has(one)), ...READ])
    cpSync(join(ROOT, name), join(COPY, name), { recursive: true });
}

/** Runs tests in the copy with another text in the place of a file, and puts the file's own back. */
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
