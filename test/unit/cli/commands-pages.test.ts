import type { Command, Option } from "commander";
import ts from "typescript";
import { expect, test } from "vitest";
import { createProgram } from "../../../infra/cli/command-line.ts";
import { EXIT } from "../../../infra/cli/exit.ts";
import { DISPATCH_FILTERS, EVENT_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { METHODS } from "../../../workers/hub/operator/methods.ts";
import { isAction, type MethodName } from "../../../workers/hub/operator/operator-methods.ts";
import { docstringOf, sourceOf } from "../../support/docstrings.ts";
import { cell, table } from "../../support/made-page.ts";

const program = await createProgram();
const [ops] = program.commands.filter((command) => command.name() === "ops");

const sentence = (text: string) => {
  const said = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return cell(/[.?]$/.test(said) ? said : `${said}.`);
};

/** A command's arguments, as they are written. */
const argumentsOf = (command: Command): string =>
  command.registeredArguments.map((one) => (one.required ? ` <${one.name()}>` : ` [${one.name()}]`)).join("");

/** The meaning of an option, the words that it takes, and its default. */
function meaningOf({ description, argChoices, defaultValue, mandatory }: Option): string {
  const choices = argChoices === undefined ? "" : `; one of ${argChoices.map((word) => `\`${word}\``).join(", ")}`;
  const hasDefault = defaultValue !== undefined && defaultValue !== false;
  const otherwise = hasDefault ? ` (default: ${defaultValue})` : "";
  return `${sentence(`${description}${otherwise}${choices}`)}${mandatory ? " Required." : ""}`;
}

const optionRows = (options: readonly Option[]) => options.map((option) => [option.flags, meaningOf(option)]);
const optionsTable = (options: readonly Option[]) => table(["option", "meaning"], optionRows(options));

const examplesOf = (command: Command): string => {
  let shown = "";
  command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
  const [, examples = ""] = /\nExamples:\n(.*?)\n(?:\n|$)/s.exec(shown) ?? [];
  const calls = examples.split("\n").map((line) => line.trim().replace(/^eventhub /, "npx cf-eventhub-workflows "));
  return `\`\`\`sh\n${calls.join("\n")}\n\`\`\``;
};

const headingOf = (command: Command, name: string) => {
  const alias = command.alias();
  return `## ${name}${alias === undefined ? "" : ` (or ${alias})`}`;
};

/** The options that many commands of `ops` have: described once. */
const REPEATABLE = "--operation-id";
const flagsOfFilter = (names: readonly FilterName[]) =>
  names.flatMap((name) => FILTERS[name].options.map(([flags, help]) => `${flags}|${help}`));
const filterFlags = { dispatches: flagsOfFilter(DISPATCH_FILTERS), events: flagsOfFilter(EVENT_FILTERS) };
const keyOf = ({ flags, description }: Option) => `${flags}|${description}`;

/** What the command's filter finds. */
function filterOf(command: Command): "dispatches" | "events" | undefined {
  const keys = command.options.map(keyOf);
  return (["dispatches", "events"] as const).find((one) => filterFlags[one].every((key) => keys.includes(key)));
}

/** A command's section: what it does, its options, and calls. */
function sectionOf(command: Command, name: string, filters = "#filters"): string {
  const filter = filterOf(command);
  const own = command.options.filter(
    (option) => option.long !== REPEATABLE && (filter === undefined || !filterFlags[filter].includes(keyOf(option))),
  );
  const takes = filter === undefined ? "" : ` Takes a [filter of ${filter}](${filters}).`;
  const places = argumentsOf(command);
  const called = places === "" ? "" : `\`${name}${places}\`: `;
  return [
    headingOf(command, name),
    `${called}${sentence(command.description())}${takes}`,
    ...(own.length === 0 ? [] : [optionsTable(own)]),
    examplesOf(command),
  ].join("\n\n");
}

const commandOf = (name: MethodName): Command | undefined => {
  const { command: definition } = METHODS[name];
  if (definition === undefined || typeof definition === "string") return undefined;
  const [called = ""] = definition[0].split(" ");
  return ops?.commands.find((command) => command.name() === called);
};
const commandsThat = (act: boolean) =>
  (Object.keys(METHODS) as MethodName[])
    .filter((name) => isAction(name) === act)
    .flatMap((name) => commandOf(name) ?? []);
/** Some commands stand for two methods: for one dispatch, and for many. */
const looking = [...new Set(commandsThat(false))];
const acting = [...new Set(commandsThat(true))];
/** The commands that look for something by name or with a filter. The others report on everything. */
const finding = looking.filter((command) => argumentsOf(command) !== "" || filterOf(command) !== undefined);
const telling = looking.filter((command) => !finding.includes(command));

function filterRows(): string[][] {
  const all = (Object.keys(FILTERS) as FilterName[]).map((name) => [name, FILTERS[name].options] as const);
  return all.flatMap(([name, options]) => {
    const of = [
      ...((DISPATCH_FILTERS as readonly string[]).includes(name) ? ["dispatches"] : []),
      ...((EVENT_FILTERS as readonly string[]).includes(name) ? ["events"] : []),
    ];
    return options.map(([flags, help]) => [flags, `\`${name}\``, of.join(", "), sentence(help)]);
  });
}

/** The meaning of each exit code, from the code that sets it. */
function exitRows(): string[][] {
  const rows: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && Object.hasOwn(EXIT, node.name.getText()))
      rows.push([node.initializer.getText(), cell(docstringOf(node).text)]);
    ts.forEachChild(node, visit);
  };
  visit(sourceOf("infra/cli/exit.ts"));
  return rows;
}

const rest = program.commands.filter((command) => command !== ops);
const alone = rest.filter(({ commands }) => commands.length === 0);
/** The commands about files, which are parts of another command. */
const ofFiles = rest.flatMap(({ commands }) => [...commands]);
const partName = (command: Command) => `${command.parent?.name()} ${command.name()}`;

const sectionsOf = (commands: readonly Command[], filters?: string) =>
  commands.map((command) => sectionOf(command, command.name(), filters)).join("\n\n");

const PAGES: Readonly<Record<string, string>> = {
  "infra/cli/commands.md": `# Every command, with its options

What does a command take, and how does it end? This page is made of the commands' own definitions, which \`--help\` shows, too. [The command
line](README.md) explains how to use them. Other pages have the commands [of \`routes\` and \`events\`](files.md), and those of \`ops\`: to
[find](ops/find.md), [for an overview](ops/overview.md), to [act](ops/act.md).

## Exit codes

${table(["exit code", "meaning"], exitRows())}

${sectionsOf(alone)}
`,
  "infra/cli/files.md": `# The commands of routes and events

How do you check, explain and compare route configurations and definitions of events? This page is made of the commands' own definitions.
[Routes](../../workers/hub/routing/README.md#checking-and-explaining) and [Define your events](../../workers/hub/events/README.md) explain them, and
[exit codes](commands.md#exit-codes) how they end.

${ofFiles.map((command) => sectionOf(command, partName(command))).join("\n\n")}
`,
  "infra/cli/ops/find.md": `# The commands of ops that find

How do you find, explain and follow events and dispatches in a terminal? This page is made of the commands' own definitions. Other pages have the
commands [for an overview](overview.md) and those that [act](act.md). [The command line](../README.md#operate-in-a-terminal) explains how they
behave, and [exit codes](../commands.md#exit-codes) how they end.

## Options of all commands

${optionsTable(ops?.options ?? [])}

## Filters

Options of a filter can be combined: an item has to fit all of them. A time is \`90m\`, \`12h\`, \`7d\` (ago), or ISO 8601 with its
zone, such as \`2026-11-23T10:00:00Z\`. The value of \`--payload\` is read as JSON where it can be: \`$.order.id=4711\` is the number, and
\`$.order.id="4711"\` the text.

${table(["option", "name over RPC", "of", "meaning"], filterRows())}

${sectionsOf(finding)}
`,
  "infra/cli/ops/overview.md": `# The commands of ops for an overview

How is the hub, and what happened? This page is made of the commands' own definitions. Other pages have the commands that [find](find.md), with the
options that [all commands](find.md#options-of-all-commands) take, and those that [act](act.md).

${sectionsOf(telling)}
`,
  "infra/cli/ops/act.md": `# The commands of ops that act

How do you retry, replay, cancel, pause and note in a terminal? This page is made of the commands' own definitions. Other pages have the commands that
[find](find.md), with the options that [all commands](find.md#options-of-all-commands) take, and those [for an overview](overview.md).
[The operators' contract](../../../schema/contract/operators.md#actions) says what each action does.

Every command on this page takes this option:

${optionsTable(acting[0]?.options.filter(({ long }) => long === REPEATABLE) ?? [])}

${sectionsOf(acting, "find.md#filters")}
`,
};

test.each(Object.entries(PAGES))("%s is generated from the definitions of the commands", async (page, text) => {
  await expect(text).toMatchFileSnapshot(`../../../${page}`);
});

test("every command has a section, every action is repeatable, and every exit code says what it means", () => {
  expect(new Set([...looking, ...acting])).toEqual(new Set(ops?.commands));
  expect(acting.filter(({ options }) => !options.some(({ long }) => long === REPEATABLE))).toEqual([]);
  expect(exitRows().map(([code]) => Number(code))).toEqual(Object.values(EXIT));
});
