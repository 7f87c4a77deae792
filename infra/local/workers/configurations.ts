import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { LOCAL_BINDINGS } from "../bindings.ts";
import { PATHS, ROOT } from "../paths.ts";
import { localEntry, writeRouting } from "../routing.ts";

/** The Worker that gets the port, and with it {@link LOCAL_BINDINGS}. */
const DEMO = "workers/demo/wrangler.jsonc";

/** The Workers' configurations, as they are deployed; the first one gets the port. */
const CONFIGURATIONS = [
  DEMO,
  "workers/console/wrangler.jsonc",
  "workers/hub/wrangler.jsonc",
  "workers/executor/wrangler.jsonc",
  "workers/demo/consumers.wrangler.jsonc",
];

/**
 * Writes copies of the Workers' configurations under `.data/`, with one `.dev.vars` beside them that gives the variables to them all:
 * `wrangler dev` takes variables for its first Worker only, and those of a configuration it prints.
 *
 * @param webhookUrl Where webhooks are received on this machine.
 * @returns Their paths, the one that gets the port first.
 */
export async function writeConfigurations(
  variables: Readonly<Record<string, string>>,
  webhookUrl: string,
): Promise<string[]> {
  await rm(PATHS.workers, { recursive: true, force: true });
  await mkdir(PATHS.workers, { mode: 0o700 });
  await writeFile(join(PATHS.workers, ".dev.vars"), formatVariables(variables), { mode: 0o600 });
  await writeRouting(webhookUrl);
  return await Promise.all(
    CONFIGURATIONS.map(async (path) => {
      const { name, main, build, ...rest } = read(join(ROOT, path));
      const copy = join(PATHS.workers, `${name}.json`);
      const entry = await localEntry(name, join(ROOT, dirname(path), main));
      const bindings = path === DEMO ? withLocalBindings(rest) : rest;
      // Wrangler takes it as seen from the configuration.
      const watched = (directory: string) => relative(PATHS.workers, join(ROOT, dirname(path), directory));
      const built = build && { build: { ...build, watch_dir: watched(build.watch_dir) } };
      await writeFile(copy, JSON.stringify({ name, main: entry, ...built, ...bindings }, null, 2));
      return copy;
    }),
  );
}

interface Configuration {
  name: string;
  main: string;
  build?: { command: string; watch_dir: string };
  services?: object[];
  workflows?: object[];
}

function withLocalBindings({
  services = [],
  workflows = [],
  ...rest
}: Omit<Configuration, "name" | "main" | "build">): object {
  return {
    ...rest,
    services: [...services, ...LOCAL_BINDINGS.services],
    workflows: [...workflows, ...LOCAL_BINDINGS.workflows],
  };
}

function read(path: string): Configuration {
  const errors: ParseError[] = [];
  const configuration: Configuration = parse(readFileSync(path, "utf8"), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) throw new Error(`${path}: ${printParseErrorCode(first.error)} at offset ${first.offset}`);
  return configuration;
}

function formatVariables(variables: Readonly<Record<string, string>>): string {
  // In a URL these characters may be escaped, and in this file they would mean something.
  const clean = (value: string) => value.replace(/['"`$#\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${clean(value)}'\n`)
    .join("");
}
