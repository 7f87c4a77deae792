import { Command } from "commander";
import { wellBehaved } from "../commander.ts";
import { addCommands } from "./commands.ts";
import { connect, type GlobalOptions } from "./connect.ts";
import { addFollow } from "./follow.ts";
import type { Run } from "./options.ts";

/** The command line: each command calls the same method as the RPC, over a database URL. */
export function createProgram(env: NodeJS.ProcessEnv): Command {
  const program = wellBehaved(new Command("ops"))
    .description("Operate the hub over its database (DATABASE_URL): find, understand, put right.")
    .option("--json", "print JSON, one answer a line", false)
    .option("--actor <name>", "who acts, for the table operations (default: the system's user)")
    .option(
      "--routing <file>",
      "the route configuration: for explain, replay --as current, any replay --dry-run, and the kinds of destinations",
    );

  const run: Run = async (work) => {
    const options = program.opts<GlobalOptions>();
    await using connection = await connect(options, env);
    await work(connection, options.json);
  };
  addCommands(program, run);
  addFollow(program, run);
  return program;
}
