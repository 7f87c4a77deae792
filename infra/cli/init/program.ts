import { type Command, Option } from "commander";
import { examples } from "../commander.ts";
import { DEFAULT_TEMPLATE, TEMPLATES } from "./templates.ts";

/** Adds the options and the action of `init`. */
export function defineInit(command: Command): void {
  command
    .addOption(
      new Option("--template <name>", `what to write (default: ${DEFAULT_TEMPLATE})`).choices(Object.keys(TEMPLATES)),
    )
    .option("--name <name>", "what the Workers' names begin with (default: eventhub)")
    .option("-y, --yes", "ask nothing")
    .option("--dry-run", "show what would be written, but write nothing")
    .option("--root <directory>", "where the project is (default: here)")
    .action(async (options) => (await import("./command.ts")).initCommand(options));
  examples(command, "", "--yes", "--yes --template minimal", "--dry-run");
}
