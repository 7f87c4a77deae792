import { Command } from "commander";
import { examples, wellBehaved } from "../commander.ts";
import { addCommands } from "./commands/add-commands.ts";
import { addFollow } from "./commands/follow.ts";
import { connect, type GlobalOptions } from "./connect.ts";
import type { Run } from "./options.ts";

/** Adds the operators' commands, and the options that they share: each calls the same method as the RPC, over a database URL. */
export function defineOps(program: Command, env: NodeJS.ProcessEnv): Command {
  program
    .helpCommand("help [command]", "how a command is called")
    .option("--json", "print JSON, one answer a line", false)
    .option("--actor <name>", "who acts, for the table operations (default: the system's user)")
    .option(
      "--routing <file>",
      "the route configuration: for explain, replay --as current, any replay --dry-run, and the kinds of destinations",
    );
  examples(program, "problems --since 12h", "list --status failed,lost --since 12h", "help retry");

  const run: Run = async (work) => {
    const options = program.opts<GlobalOptions>();
    await using connection = await connect(options, env);
    await work(connection, options.json);
  };
  addCommands(program, run);
  addFollow(program, run);
  return program;
}

/** The operators' commands as a program of their own. */
export function createProgram(env: NodeJS.ProcessEnv): Command {
  const program = wellBehaved(new Command("ops"));
  return defineOps(program.description("Operate the hub over its database (DATABASE_URL)."), env);
}
