import type { Command } from "commander";
import { examples } from "../commander.ts";

/** Adds the options and the action of `doctor`. */
export function defineDoctor(command: Command, env: NodeJS.ProcessEnv): void {
  command
    .option("-c, --config <file...>", "the wrangler configurations (default: all that it finds)")
    .option("--root <directory>", "where the project is (default: here)")
    .option("--json", "for programs")
    .action(async (options) => (await import("./command.ts")).doctorCommand(options, env));
  examples(command, "", "-c eventhub/*/wrangler.jsonc workers/*/wrangler.jsonc", "--json");
}
