import { type Command, InvalidArgumentError } from "commander";
import { examples } from "../commander.ts";
import { otherDatabaseUrlOf } from "../database-url.ts";
import type { DevOptions } from "./options.ts";

const DEFAULT_PORT = 3041;
const HELP = `
Finds below the current directory the hub, the executor, the console, and the
Workers that they bind or that bind them. Keeps data and logs in .eventhub/. Set
DATABASE_URL to use another Postgres instead of its own.`;

type Given = Omit<DevOptions, "root" | "configs" | "databaseUrl"> & { config?: string[] };

/** Adds the options and the action of `dev`. */
export function defineDev(command: Command, env: NodeJS.ProcessEnv): Command {
  command
    .option("-c, --config <file...>", "the wrangler configurations (default: all that it finds)")
    .option("--port <number>", "port of the console and of POST /emit", port, DEFAULT_PORT)
    .option("--once", "emit an example, wait until it is delivered, stop; ends with 0 on success, else 1", false)
    .option("--reset", "delete what earlier runs left in .eventhub/ first", false)
    .option("--verbose", "show what the hub's own Workers log, too", false)
    .addHelpText("after", HELP)
    .action(async ({ config, ...given }: Given) => {
      const options = { ...given, root: process.cwd(), configs: config, databaseUrl: otherDatabaseUrlOf(env) };
      const { runDev } = await import("./run.ts");
      process.exitCode = await runDev(options);
    });
  return examples(command, "", "--once", "-c eventhub/*/wrangler.jsonc workers/*/wrangler.jsonc");
}

function port(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1024 && value <= 65_533) return value;
  throw new InvalidArgumentError("Give an integer from 1024 to 65533.");
}
