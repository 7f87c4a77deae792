import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../support/wrangler-config.ts";
import type { Request, Result } from "./session.ts";

/** The copies in which mutants live, so that nobody who works in the repository meets one. They find the packages in the folders above. */
const COPIES = join(ROOT, ".data", "mutation");
const LEFT_OUT = new Set([".git", ".data", ".wrangler", "node_modules"]);

/** Packages whose own files a test reads, by path. */
const READ = ["node_modules/jsonata"];

/** How long the tests of one mutant may take, in milliseconds. A mutant that takes longer has an endless loop, which counts as noticed. */
const LIMIT_MS = 180_000;

/** Removes the copies, whose package.json the check of the package would take for ours. */
export const removeCopies = (): void => rmSync(COPIES, { recursive: true, force: true });

/** A copy of the repository, and the vitest that runs in it. */
export class Copy {
  readonly #folder: string;
  readonly #integration: boolean;
  #session: ChildProcess | undefined;
  #changed: string[] = [];

  /** @param integration Whether to start what integration tests need. */
  constructor(name: string, integration: boolean) {
    this.#folder = join(COPIES, name);
    this.#integration = integration;
    for (const one of [...readdirSync(ROOT).filter((entry) => !LEFT_OUT.has(entry)), ...READ])
      cpSync(join(ROOT, one), join(this.#folder, one), { recursive: true });
  }

  /** Runs tests with another text in a file, then restores the file. The first tests run before the rest. */
  async try(file: string, own: string, text: string, tests: readonly string[]): Promise<Result> {
    this.#write(file, text);
    let result = await this.run(tests.slice(0, 1), LIMIT_MS);
    if (!result.failed) result = await this.run(tests.slice(1, 4), LIMIT_MS);
    if (!result.failed) result = await this.run(tests.slice(4), LIMIT_MS);
    this.#write(file, own);
    return result;
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
    this.#changed.push(file);
  }

  /** Runs tests until the first one fails. vitest then still loads the files of the others. */
  async run(tests: readonly string[], limitMs?: number): Promise<Result> {
    if (tests.length === 0) return { failed: false, took: {} };
    this.#session ??= this.#start();
    const session = this.#session;
    session.send({ changed: this.#changed, tests } satisfies Request);
    this.#changed = [];
    const controller = new AbortController();
    const { signal } = controller;
    const answer = await Promise.race([
      once(session, "message", { signal }),
      once(session, "exit", { signal }).then(() => undefined),
      ...(limitMs === undefined ? [] : [delay(limitMs, undefined, { signal })]),
    ]);
    controller.abort();
    if (answer !== undefined) return answer[0] as Result;
    await this.end();
    return { failed: true, took: {} };
  }

  #start(): ChildProcess {
    const env = { ...process.env, ...(this.#integration && { MUTATE_INTEGRATION: "1" }) };
    return fork(join(this.#folder, "test/mutation/session.ts"), { cwd: this.#folder, env, stdio: "ignore" });
  }

  /** Stops its vitest. */
  async end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined || session.exitCode !== null || session.signalCode !== null) return;
    const exit = once(session, "exit");
    session.disconnect();
    const stopped = await Promise.race([exit, delay(30_000)]);
    if (stopped === undefined) session.kill("SIGKILL");
    await exit;
  }
}
