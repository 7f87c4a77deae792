import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guard } from "../../infra/local/processes/watchdog.ts";
import { ROOT } from "../support/wrangler-config.ts";
import { IN_WORKERD } from "./related.ts";
import { Runner } from "./runner.ts";
import type { Result } from "./session.ts";

/**
 * The copies in which mutants live, so that nobody who works in the repository meets one; another run has others. They find the packages in the
 * folders above.
 */
const COPIES = join(ROOT, ".data", "mutation", String(process.pid));
const LEFT_OUT = new Set([".git", ".data", ".wrangler", "node_modules"]);

/** Packages whose own files a test reads, by path. */
const READ = ["node_modules/jsonata"];

/** How long the tests of one mutant may take, in milliseconds. A mutant that takes longer has an endless loop, which counts as noticed. */
const LIMIT_MS = 180_000;

/** The same with tests in workerd, each of which starts a system. */
const LIMIT_IN_WORKERD_MS = 900_000;

/** Removes the copies when this process is gone: the check of the package would take their package.json for ours. */
export const removeAtEnd = (): unknown => guard({ kind: "directory", path: COPIES });

/** What came of tests. `died`: no test failed, but the process that ran them died, twice. */
export interface Outcome extends Result {
  readonly died?: true;
}

/** A copy of the repository, and the vitest that runs in it. */
export class Copy {
  readonly #folder: string;
  readonly #runner: Runner;
  #changed: string[] = [];

  /** @param integration Whether to start what integration tests need. */
  constructor(name: string, integration: boolean) {
    this.#folder = join(COPIES, name);
    for (const one of [...readdirSync(ROOT).filter((entry) => !LEFT_OUT.has(entry)), ...READ])
      cpSync(join(ROOT, one), join(this.#folder, one), { recursive: true });
    const script = join(this.#folder, "test/mutation/session.ts");
    this.#runner = new Runner(script, this.#folder, integration ? { MUTATE_INTEGRATION: "1" } : {});
  }

  /** Runs tests with another text in a file, then restores the file. The first tests run before the rest. */
  async try(file: string, own: string, text: string, tests: readonly string[]): Promise<Outcome> {
    this.#write(file, text);
    const limitMs = tests.some((test) => IN_WORKERD.includes(test)) ? LIMIT_IN_WORKERD_MS : LIMIT_MS;
    let outcome = await this.run(tests.slice(0, 1), limitMs);
    if (!outcome.failed) outcome = await this.run(tests.slice(1, 4), limitMs);
    if (!outcome.failed) outcome = await this.run(tests.slice(4), limitMs);
    this.#write(file, own);
    return outcome;
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
    this.#changed.push(file);
  }

  /** Runs tests until the first one fails. vitest then still loads the files of the others. */
  async run(tests: readonly string[], limitMs?: number): Promise<Outcome> {
    if (tests.length === 0) return { failed: false, took: {} };
    const changed = this.#changed;
    this.#changed = [];
    const answer = await this.#runner.ask({ changed, tests }, limitMs);
    if (answer === "late") return { failed: true, took: {} };
    return answer === "died" ? { failed: true, died: true, took: {} } : answer;
  }

  /** Stops its vitest. */
  end(): Promise<void> {
    return this.#runner.end();
  }
}
