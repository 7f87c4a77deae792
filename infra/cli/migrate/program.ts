import type { Command } from "commander";
import { examples } from "../commander.ts";

/** Adds the options and the action of `migrate`. */
export function defineMigrate(command: Command, env: NodeJS.ProcessEnv): void {
  command
    .option("--routing <file>", "the route configuration: builds the indexes that it names, beside traffic")
    .option("--drop-indexes", "with --routing: drops those of paths that it does not name any longer")
    .action(async (options) => (await import("./command.ts")).migrateCommand(options, env));
  examples(command, "", "--routing eventhub/routing.json");
}
