/** What the RPC does for operators, for people in a terminal: `npm run ops -- <command>`, and `help` lists the commands. */
import { DatabaseError } from "../../schema/database/connection.ts";
import { refusalOf } from "../../workers/hub/operator/operator-error.ts";
import { exitCodeOfCommander } from "./commander.ts";
import { complain } from "./exit.ts";
import { createProgram } from "./ops/program.ts";

/**
 * Runs one command of an operator's; what fails it says on stderr, with the exit code of {@link import("./exit.ts").EXIT}.
 *
 * @param calledAs What stands before `args` where people type it: for the usage.
 */
export async function opsCommand(args: readonly string[], calledAs: string): Promise<void> {
  try {
    await createProgram(process.env).name(calledAs).parseAsync(args, { from: "user" });
  } catch (error) {
    const code = exitCodeOfCommander(error);
    if (code !== undefined) process.exitCode = code;
    else complain(error instanceof DatabaseError ? refusalOf(error) : error);
  }
}

if (import.meta.main) await opsCommand(process.argv.slice(2), "npm run ops --");
