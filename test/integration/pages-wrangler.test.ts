import { expect, test } from "vitest";
import { experimental_getWranglerCommands } from "wrangler";
import { PAGES } from "../support/pages.ts";

/** The calls of wrangler in the pages' shell blocks: the options that they give, by the words of the command. */
const calls = new Map<string, Set<string>>();
for (const [, shell = ""] of [...PAGES.values()].flatMap((text) => [...text.matchAll(/```sh\n(.*?)```/gs)]))
  for (const [, line = ""] of shell.matchAll(/npx wrangler (.*?)(?: +#.*)?$/gm)) {
    const words = line.split(/\s+/);
    const at = words.findIndex((word) => !/^[a-z][a-z0-9]*$/.test(word));
    const command = (at === -1 ? words : words.slice(0, at)).slice(0, 2).join(" ");
    const options = words.filter((word) => /^--?[a-z]/.test(word));
    calls.set(command, new Set([...(calls.get(command) ?? []), ...options]));
  }

/** An option of wrangler, by its names. */
type Options = Record<string, { alias?: string | readonly string[] }>;

/** The options as they are typed. */
const typed = (options: Options = {}) =>
  Object.entries(options)
    .flatMap(([name, { alias = [] }]) => [name, ...[alias].flat()])
    .map((name) => (name.length === 1 ? `-${name}` : `--${name}`));

test("wrangler has each command that the pages call, with the options that they give", () => {
  expect([...calls.keys()].sort()).toEqual([
    ...["deploy", "login", "queues create", "r2 bucket", "secret put", "types"],
  ]);
  // The definitions from which `--help` is made: a process for each would take a second of processor time.
  const { registry, globalFlags } = experimental_getWranglerCommands();
  for (const [command, options] of calls) {
    let place: typeof registry | undefined = registry;
    for (const word of command.split(" ")) place = place?.subtree.get(word);
    expect(place, `wrangler ${command}`).toBeDefined();
    const known = new Set(["--help", ...typed(globalFlags as Options), ...typed(argsOf(place?.definition))]);
    expect([...options].filter((option) => !known.has(option))).toEqual([]);
  }
});

/** A namespace has no arguments. */
const argsOf = (definition: object | undefined): Options =>
  definition !== undefined && "args" in definition ? (definition.args as Options) : {};
