import { Command, InvalidArgumentError } from "commander";
import { databaseUrlOf } from "../../local/database-url.ts";
import { wellBehaved } from "../commander.ts";

/** What `eventhub dev` was asked for. */
export interface DevOptions {
  /** The directory that it was called in. */
  root: string;
  /** The wrangler configurations that belong together; default: those that are found. */
  configs: string[] | undefined;
  /** Of console and `POST /emit`. */
  port: number;
  /** Begin without what earlier runs left. */
  reset: boolean;
  /** Emit the example, show what becomes of it, stop. */
  once: boolean;
  /** Show what the hub's own parts log, too. */
  verbose: boolean;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl: string | undefined;
}

const DEFAULT_PORT = 3041;
const HELP = `
Found below the current directory: the hub, the executor, the console, and the Workers that they bind or that bind them. Data
and logs are kept in .eventhub/; DATABASE_URL puts another Postgres in the place of its own.`;

/** The command line of `eventhub dev`, which calls `run` with what it has read. */
export function createProgram(env: NodeJS.ProcessEnv, run: (options: DevOptions) => Promise<void>): Command {
  return wellBehaved(new Command("dev"))
    .description("Run the hub on this machine beside your own Workers, with a Postgres and the console.")
    .option(
      "-c, --config <file>",
      "a wrangler configuration that belongs to it (repeatable; default: those found)",
      collect,
    )
    .option("--port <number>", "of the console and POST /emit", port, DEFAULT_PORT)
    .option("--once", "emit an example, wait until it is delivered, stop: 0 if all went well, else 1", false)
    .option("--reset", "begin without what earlier runs left in .eventhub/", false)
    .option("--verbose", "show what the hub's own Workers log, too", false)
    .addHelpText("after", HELP)
    .action(async ({ config, ...options }: Omit<DevOptions, "configs" | "root"> & { config?: string[] }) =>
      run({ ...options, root: process.cwd(), configs: config, databaseUrl: databaseUrlOf(env) }),
    );
}

function collect(file: string, files: string[] = []): string[] {
  return [...files, file];
}

function port(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1024 && value <= 65_533) return value;
  throw new InvalidArgumentError("Give an integer from 1024 to 65533.");
}
