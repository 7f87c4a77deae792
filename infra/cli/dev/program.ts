import { type Command, InvalidArgumentError } from "commander";
import { examples } from "../commander.ts";
import { otherDatabaseUrlOf } from "../database-url.ts";
import type { DevOptions } from "./options.ts";

const DEFAULT_PORT = 3041;
const HELP = `
Found below the current directory: the hub, the executor, the console, and the
Workers that they bind or that bind them. Data and logs are kept in .eventhub/;
DATABASE_URL puts another Postgres in the place of its own.`;

type Given = Omit<DevOptions, "root" | "configs" | "databaseUrl"> & { config?: string[] };

/** Adds what `dev` takes, and what it does. */
export function defineDev(command: Command, env: NodeJS.ProcessEnv): Command {
  command
    .option("-c, --config <file...>", "the wrangler configurations (default: those that are found)")
    .option("--port <number>", "of the console and POST /emit", port, DEFAULT_PORT)
    .option("--once", "emit an example, wait until it is delivered, stop: 0 if all went well, else 1", false)
    .option("--reset", "begin without what earlier runs left in .eventhub/", false)
    .option("--verbose", "show what the hub's own Workers log, too", false)
    .addHelpText("after", HELP)
    .action(async ({ config, ...given }: Given) => {
      const options = { ...given, root: process.cwd(), configs: config, databaseUrl: otherDatabaseUrlOf(env) };
      const { runDev } = await import("./run.ts");
      process.exitCode = await runDev(options);
    });
  return examples(command, "", "--once", "-c hub/wrangler.jsonc executor/wrangler.jsonc");
}

function port(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1024 && value <= 65_533) return value;
  throw new InvalidArgumentError("Give an integer from 1024 to 65533.");
}
