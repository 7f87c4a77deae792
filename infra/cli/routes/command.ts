import { parseArgs } from "node:util";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import { explainDelivery } from "../../../workers/hub/routing/index.ts";
import { FileFaults, JsonFile } from "../../project/json-file.ts";
import { count } from "../count.ts";
import { EXIT_HELP, WrongCall } from "../exit.ts";
import { compileFile, compileJson } from "./compile-file.ts";
import { DiffFault, diff } from "./diff.ts";
import { explainText } from "./explain-text.ts";
import { formatComparison } from "./format.ts";

const usage = (calledAs: string) => `usage: ${calledAs} check <config.json>
       ${calledAs} explain <config.json> <payload.json> [--json]
       ${calledAs} diff <old.json> <new.json> [--events=1000] [--json]

${EXIT_HELP}`;

class UsageError extends WrongCall {}

/** What a command prints, and its exit code: 0 if all is well, 1 if a file has faults, 2 for a wrong call. */
export type Printed = { code: 0; out: string } | { code: 1 | 2; err: string };

/**
 * Runs `npm run routes -- <arguments>`.
 *
 * @param calledAs What stands before the arguments where people type it, for the usage; default `npm run routes --`.
 * @throws What is no fault of the arguments or of the files.
 */
export async function runRoutes(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  calledAs = "npm run routes --",
): Promise<Printed> {
  try {
    const { positionals, values } = readArguments(argv);
    return { code: 0, out: values.help ? usage(calledAs) : await run(positionals, values, env) };
  } catch (error) {
    if (error instanceof UsageError) return { code: 2, err: usage(calledAs) };
    if (error instanceof WrongCall) return { code: 2, err: printable(error.message) };
    if (error instanceof DiffFault) return { code: 1, err: printable(error.message) };
    if (error instanceof FileFaults) return { code: 1, err: error.message };
    throw error;
  }
}

type Options = ReturnType<typeof readArguments>["values"];

async function run(positionals: readonly string[], values: Options, env: NodeJS.ProcessEnv): Promise<string> {
  const [command, configPath, otherPath, ...rest] = positionals;
  if (configPath === undefined || rest.length > 0) throw new UsageError();
  if (command === "check" && otherPath === undefined) return check(configPath);
  if (command === "explain" && otherPath !== undefined) return explain(configPath, otherPath, values.json ?? false);
  if (command === "diff" && otherPath !== undefined) {
    const comparison = await diff(configPath, otherPath, { events: values.events, env });
    return values.json ? printableJson(comparison, 2) : formatComparison(comparison);
  }
  throw new UsageError();
}

function readArguments(argv: readonly string[]) {
  try {
    const options = {
      json: { type: "boolean" },
      events: { type: "string" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch {
    throw new UsageError();
  }
}

function check(path: string): string {
  const file = new JsonFile(path);
  const { routes } = compileJson(file).config;
  const destinations = new Set(routes.map((route) => route.destination)).size;
  const enabled = routes.filter((route) => route.enabled).length;
  const found = `${count(routes.length, "route")} (${enabled} enabled) to ${count(destinations, "destination")}`;
  const hint = file.strict ? "" : "; has comments or trailing commas, which a JSON module must not have";
  return `${printable(path)}: no faults: ${found}${hint}`;
}

async function explain(configPath: string, payloadPath: string, json: boolean): Promise<string> {
  const routes = compileFile(configPath);
  const explained = await explainDelivery(routes, new JsonFile(payloadPath).object());
  return json ? printableJson(explained, 2) : explainText(explained);
}
