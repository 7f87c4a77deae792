/**
 * `npm run routes -- check <config>` and `npm run routes -- explain <config> <payload.json>`: reads a route configuration as the hub does.
 * `npm run routes -- diff <old config> <new config>`: what a change would have done with the newest stored events of DATABASE_URL. Exit code 0 if all is well, 1 if a file has faults, 2 for a wrong call.
 */

import { parseArgs } from "node:util";
import { explainDelivery } from "../workers/hub/routing/index.ts";
import { compileFile } from "./routes/compile-file.ts";
import { DiffFault, diff } from "./routes/diff.ts";
import { explainText } from "./routes/explain-text.ts";
import { formatComparison } from "./routes/format.ts";
import { FileFaults, JsonFile } from "./routes/json-file.ts";

const USAGE = `usage: npm run routes -- check <config.json>
       npm run routes -- explain <config.json> <payload.json> [--json]
       npm run routes -- diff <old.json> <new.json> [--events=1000] [--json]`;

class UsageError extends Error {}

async function run(argv: readonly string[]): Promise<void> {
  const { positionals, values } = readArguments(argv);
  const [command, configPath, otherPath, ...rest] = positionals;
  if (configPath === undefined || rest.length > 0) throw new UsageError();
  if (command === "check" && otherPath === undefined) check(configPath);
  else if (command === "explain" && otherPath !== undefined) await explain(configPath, otherPath, values.json ?? false);
  else if (command === "diff" && otherPath !== undefined) {
    const comparison = await diff(configPath, otherPath, { events: values.events, env: process.env });
    console.log(values.json ? JSON.stringify(comparison, undefined, 2) : formatComparison(comparison));
  } else throw new UsageError();
}

function readArguments(argv: readonly string[]) {
  try {
    const options = { json: { type: "boolean" }, events: { type: "string" } } as const;
    return parseArgs({ args: [...argv], allowPositionals: true, options });
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

async function explain(configPath: string, payloadPath: string, json: boolean): Promise<void> {
  const routes = compileFile(configPath);
  const explained = await explainDelivery(routes, new JsonFile(payloadPath).object());
  console.log(json ? JSON.stringify(explained, undefined, 2) : explainText(explained));
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) console.error(USAGE);
  else if (error instanceof FileFaults || error instanceof DiffFault) console.error(error.message);
  else throw error;
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
