/**
 * `npm run routes -- check <config>` and `npm run routes -- explain <config> <payload.json>`: reads a route configuration as the hub does.
 * Exit code 0 if all is well, 1 if a file has faults, 2 for a wrong call.
 */

import { parseArgs } from "node:util";
import { type CompiledRoutes, compileRoutes, RouteConfigError } from "../workers/hub/routing/index.ts";
import { explainText } from "./routes/explain-text.ts";
import { FileFaults, JsonFile } from "./routes/json-file.ts";

const USAGE = `usage: npm run routes -- check <config.json>
       npm run routes -- explain <config.json> <payload.json> [--json]`;

class UsageError extends Error {}

function run(argv: readonly string[]): void {
  const [command, configPath, payloadPath, ...rest] = readArguments(argv);
  if (configPath === undefined || rest.length > 0) throw new UsageError();
  if (command === "check" && payloadPath === undefined) check(configPath);
  else if (command === "explain" && payloadPath !== undefined)
    explain(configPath, payloadPath, argv.includes("--json"));
  else throw new UsageError();
}

function readArguments(argv: readonly string[]): string[] {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { json: { type: "boolean" } } }).positionals;
  } catch {
    throw new UsageError();
  }
}

function check(path: string): void {
  const { config } = compileFile(path);
  const destinations = new Set(config.routes.map((route) => route.destination));
  const enabled = config.routes.filter((route) => route.enabled).length;
  console.log(
    `${path}: no faults: ${config.routes.length} routes (${enabled} enabled) to ${destinations.size} destinations`,
  );
}

function explain(configPath: string, payloadPath: string, json: boolean): void {
  const routes = compileFile(configPath);
  const explained = routes.explain(new JsonFile(payloadPath).object());
  console.log(json ? JSON.stringify(explained, undefined, 2) : explainText(explained));
}

function compileFile(path: string): CompiledRoutes {
  const file = new JsonFile(path);
  const value = file.value();
  try {
    return compileRoutes(value);
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    throw new FileFaults(error.faults.map((fault) => file.line(fault)));
  }
}

try {
  run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) console.error(USAGE);
  else if (error instanceof FileFaults) console.error(error.message);
  else throw error;
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
