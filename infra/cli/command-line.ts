import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { packageRoot } from "../package-root.ts";
import { exitCodeOfCommander, wellBehaved } from "./commander.ts";
import { complain, EXIT } from "./exit.ts";

const NAME = "eventhub";
const { description, version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
  description: string;
  version: string;
};

/** The commands; each loads its code when it is called. */
function createProgram(): Command {
  const program = wellBehaved(new Command(NAME))
    .description(description)
    .version(version)
    .helpCommand(false)
    .enablePositionalOptions();
  program
    .command("migrate")
    .description("bring the database of DATABASE_URL up to date: before the Workers of a new version")
    .action(async () => (await import("./migrate.ts")).migrateCommand(process.env));
  passed(program.command("ops"))
    .description("operate the hub over the database of DATABASE_URL: find, understand, put right")
    .action(async (args: string[]) => (await import("./ops.ts")).opsCommand(args, `${NAME} ops`));
  passed(program.command("routes"))
    .description("check or explain a route configuration, or compare two over the stored events of DATABASE_URL")
    .action(async (args: string[]) => (await import("./routes.ts")).routesCommand(args, `${NAME} routes`));
  return program;
}

/** A command that reads its arguments itself, `--help` too. */
function passed(command: Command): Command {
  return command.argument("[args...]").helpOption(false).allowUnknownOption().passThroughOptions();
}

/** Runs what was typed after `eventhub`; what fails it says on stderr, with the exit code of {@link EXIT}. */
export async function runCommandLine(given: readonly string[]): Promise<void> {
  if (given.some((arg) => /^(--[\w-]+=)?postgres(ql)?:\/\//i.test(arg))) {
    // The error would repeat what is not understood.
    console.error(
      "set DATABASE_URL in the environment instead: a URL among the arguments is seen by all who list processes",
    );
    process.exitCode = EXIT.wrongCall;
    return;
  }
  const args = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  try {
    await createProgram().parseAsync(args, { from: "user" });
  } catch (error) {
    const code = exitCodeOfCommander(error);
    if (code === undefined) complain(error);
    else process.exitCode = code;
  }
}
