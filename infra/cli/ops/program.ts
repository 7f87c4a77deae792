import { Command } from "commander";
import { wellBehaved } from "../commander.ts";
import { addActions } from "./actions.ts";
import { connect, type GlobalOptions } from "./connect.ts";
import { addCounts } from "./counts.ts";
import type { Run } from "./options.ts";
import { addReads } from "./reads.ts";

/** The command line: each command is the same function that the RPC calls, over a database URL. */
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
  addReads(program, run);
  addCounts(program, run);
  addActions(program, run);
  return program;
}
