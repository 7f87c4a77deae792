import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram, runCommandLine } from "../../../infra/cli/command-line.ts";
import { EXIT_HELP } from "../../../infra/cli/exit.ts";
import { ran } from "../../support/command.ts";

/** Every command, by the words that call it. */
function callsOf(command: Command, words: readonly string[] = []): (readonly string[])[] {
  const own = command.commands.flatMap((child) => callsOf(child, [...words, child.name()]));
  return [words, ...own];
}

const program = await createProgram();
const calls = callsOf(program);

describe("the help", () => {
  test("knows every command", () => {
    const names = calls.map((words) => words.join(" "));
    expect(names).toEqual(
      expect.arrayContaining(["migrate", "ops list", "ops replay", "ops follow", "routes check", "completion"]),
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
      expect(out).toMatch(new RegExp(`^Usage: ${["eventhub", ...words].join(" ")}( |\\n)`));
    },
  );

  test("is the same by the word help before a command", async () => {
    const asked = await ran(() => runCommandLine(["ops", "retry", "--help"]));
    expect(await ran(() => runCommandLine(["help", "ops", "retry"]))).toEqual(asked);
    expect(await ran(() => runCommandLine(["ops", "help", "retry"]))).toEqual(asked);
  });
});
