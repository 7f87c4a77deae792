import type { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../infra/cli/command-line.ts";
import manifest from "../../package.json" with { type: "json" };
import { PAGES } from "../support/pages.ts";

/** The scripts that `init` gives to a project. */
const PROJECT_SCRIPTS = ["dev", "test", "types", "deploy"];

/** The scripts that take a command's arguments. */
const SCRIPTS: Readonly<Record<string, string>> = { ops: "ops", routes: "routes" };

const program = await createProgram();
const names = program.commands.map((command) => command.name());
const COMMAND = new RegExp(`^(?:npx cf-eventhub-workflows|npx eventhub|eventhub) |^(?=(?:${names.join("|")})(?: |$))`);

interface Call {
  page: string;
  line: string;
  words: string[];
}

/** Every call of a command on a page: in a line of a shell, or as code in a sentence. */
function callsOf([page, text]: readonly [string, string]): Call[] {
  const shells = [...text.matchAll(/```(?:sh|console)\n(.*?)```/gs)].flatMap(([, code = ""]) => code.split("\n"));
  const spans = [...text.replaceAll(/```.*?```/gs, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...shells, ...spans].flatMap((shown) => {
    const line = shown.replace(/^\$ |^DATABASE_URL=\S+ /, "").replace(/ +(#|&&|2>|<\().*$/, "");
    const [, script = "", rest = ""] = /^npm run ([\w:]+) -- (.*)$/.exec(line) ?? [];
    const called = SCRIPTS[script] === undefined ? line : `${SCRIPTS[script]} ${rest}`;
    if (!COMMAND.test(called)) return [];
    const words = [...called.replace(COMMAND, "").matchAll(/'[^']*'|[^\s,]+/g)].map(([word]) => word);
    return [{ page, line, words }];
  });
}

const chainOf = (command: Command): Command[] => [command, ...(command.parent === null ? [] : chainOf(command.parent))];

/** What is wrong with a call, as far as its words tell. */
function faultsOf(words: readonly string[]): string[] {
  let command = program;
  const faults: string[] = [];
  const given: Option[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) {
      command = command.commands.find((one) => one.name() === word || one.aliases().includes(word)) ?? command;
      if (command.commands.length > 0 && !names.includes(word) && word !== "<command>")
        faults.push(`no command ${word}`);
      continue;
    }
    if (word === "--help") continue;
    const [flag = "", value] = word.split("=");
    const option = chainOf(command)
      .flatMap(({ options }) => options)
      .find(({ long, short }) => long === flag || short === flag);
    if (option === undefined) faults.push(`${command.name()} has no option ${flag}`);
    else {
      given.push(option);
      const next = value ?? (option.required ? words[++at] : undefined);
      const choices = option.argChoices;
      if (choices !== undefined && !choices.includes(next ?? "")) faults.push(`${flag} is one of ${choices}`);
    }
  }
  const has = (long: string) => given.some((option) => option.long === long);
  // Only with another option, so that the mere name of a command does not count.
  if (given.length > 0)
    for (const option of command.options)
      if (option.mandatory && !given.includes(option)) faults.push(`${command.name()} wants ${option.long}`);
  if (command.name() === "replay" && (has("--dry-run") || words.includes("current")) && !has("--routing"))
    faults.push("replay wants --routing");
  return faults;
}

describe("what the pages say to type", () => {
  const calls = [...PAGES].flatMap(callsOf);

  test("are existing commands with options that they accept", () => {
    expect(calls.length).toBeGreaterThan(40);
    const faulty = calls.flatMap(({ page, line, words }) => {
      const faults = faultsOf(words);
      return faults.length === 0 ? [] : [{ page, line, faults }];
    });
    expect(faulty).toEqual([]);
  });

  test("are existing commands in a client's configuration, too", () => {
    const [, json = "{}"] = /```json\n(.*?)```/s.exec(PAGES.get("infra/cli/mcp/README.md") ?? "") ?? [];
    const { command, args } = JSON.parse(json).mcpServers.eventhub;
    expect([command, args[0]]).toEqual(["npx", "cf-eventhub-workflows"]);
    expect(faultsOf(args.slice(1))).toEqual([]);
  });

  test("are scripts of package.json, here or in a project of `init`", () => {
    const known = [...Object.keys(manifest.scripts), ...PROJECT_SCRIPTS];
    const named = [...PAGES].flatMap(([page, text]) =>
      [...text.matchAll(/npm run (?:--silent )?([\w:-]*\w)/g)].map(([, script = ""]) => ({ page, script })),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter(({ script }) => !known.includes(script))).toEqual([]);
  });
});
