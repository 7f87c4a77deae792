import { Command } from "commander";
import { examples, wellBehaved } from "../commander.ts";
import { addCommands } from "./commands/add-commands.ts";
import { connect, type GlobalOptions } from "./connect.ts";
import type { Run } from "./given-options.ts";
import { printWide } from "./print.ts";

/** Adds the operators' commands and their common options. Each command calls the same method as the RPC, over a database URL. */
export function defineOps(program: Command, env: NodeJS.ProcessEnv): Command {
  program
    .helpCommand("help [command]", "help for a command")
    .option("--json", "print JSON, one answer per line", false)
    .option("--wide", "print all columns, however wide; otherwise tables fit the terminal, or COLUMNS", false)
    .option("--actor <name>", "who acts, for the table of operations (default: the system's user)")
    .option(
      "--routing <file>",
      "the route configuration: needed for explain, replay --as current and replay --dry-run; also shows the kinds of destinations",
    );
  examples(program, "problems --since 12h", "list --status failed,lost --since 12h", "help retry");

  const run: Run = async (work) => {
    const options = program.opts<GlobalOptions>();
    printWide(options.wide);
    await using connection = await connect(options, env);
    await work(connection, options.json);
  };
  addCommands(program, run);
  return program;
}

/** The operators' commands as a program of their own. */
export function createProgram(env: NodeJS.ProcessEnv): Command {
  const program = wellBehaved(new Command("ops"));
  return defineOps(program.description("Operate the hub over its database (DATABASE_URL)."), env);
}
