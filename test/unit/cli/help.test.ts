import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram, runCommandLine } from "../../../infra/cli/command-line.ts";
import { EXIT_HELP } from "../../../infra/cli/exit.ts";
import { ran } from "../../support/run-here.ts";
import { ROOT } from "../../support/wrangler-config.ts";

/** The words that call each command. */
function callsOf(command: Command, words: readonly string[] = []): (readonly string[])[] {
  const own = command.commands.flatMap((child) => callsOf(child, [...words, child.name()]));
  return [words, ...own];
}

const program = await createProgram();
const calls = callsOf(program);

describe("the help", () => {
  test("knows commands at every level", () => {
    const names = calls.map((words) => words.join(" "));
    expect(names).toEqual(
      expect.arrayContaining(["migrate", "ops list", "ops replay", "ops tail", "routes check", "completion"]),
    );
  });

  test.each(calls.map((words) => [words.join(" "), words] as const))(
    "of `eventhub %s` fits 80 columns, has examples, and says the exit codes once",
    async (_, words) => {
      const { code, out, err } = await ran(() => runCommandLine([...words, "--help"]));
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(out).toContain(`\nExamples:\n  ${["eventhub", ...words].join(" ")}`);
      expect(out.split(EXIT_HELP)).toHaveLength(2);
      // A second name follows the first.
      expect(out).toMatch(new RegExp(`^Usage: ${["eventhub", ...words].join(" ")}(\\|[a-z-]+)?( |\\n)`));
    },
  );

  test("is the same with the word help before a command", async () => {
    const asked = await ran(() => runCommandLine(["ops", "retry", "--help"]));
    expect(await ran(() => runCommandLine(["help", "ops", "retry"]))).toEqual(asked);
    expect(await ran(() => runCommandLine(["ops", "help", "retry"]))).toEqual(asked);
  });
});

test.each(["index", "ops", "routes"])(
  "infra/cli/%s.ts ends without a message when its reader is gone",
  async (name) => {
    const child = spawn(process.execPath, [join(ROOT, "infra/cli", `${name}.ts`), "--help"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect({ code, said }).toEqual({ code: 141, said: "" });
  },
);
