import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { vi } from "vitest";
import { createProgram } from "../../infra/cli/ops/program.ts";
import type { Ended } from "./command-process.ts";
import type { TestDatabase } from "./database.ts";
import { runProgram } from "./run-program.ts";

/** The program that `npm run ops` runs. */
export const OPS = fileURLToPath(new URL("../../infra/cli/ops.ts", import.meta.url));

/** The tests' route configuration. */
export const ROUTING = fileURLToPath(new URL("../workers/routing.json", import.meta.url));

/** The environment of a command on a test's database. */
export const opsEnv = (database: TestDatabase): NodeJS.ProcessEnv => ({
  ...process.env,
  DATABASE_URL: database.url,
  DATABASE_ENDPOINT: database.endpoint,
});

/** Runs a command in a process of its own, which takes a second. */
export const ops = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> => runProgram(OPS, args, { env });

/** Runs a command in this process. Returns what it prints, without colours. */
export async function printed(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await createProgram(env).parseAsync(args, { from: "user" });
    return stripVTControlCharacters(log.mock.calls.flat().join("\n"));
  } finally {
    log.mockRestore();
  }
}
