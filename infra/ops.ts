/** What the RPC does for operators, for people in a terminal: `npm run ops -- <command>`, and `help` lists the commands. */
import { DatabaseError } from "../schema/database.ts";
import { createProgram } from "./ops/program.ts";

/**
 * Runs one command of an operator's; what fails it says on stderr, with exit code 1.
 *
 * @param calledAs What stands before `args` where people type it: for the usage.
 */
export async function opsCommand(args: readonly string[], calledAs: string): Promise<void> {
  try {
    await createProgram(process.env).name(calledAs).parseAsync(args, { from: "user" });
  } catch (error) {
    console.error(
      error instanceof DatabaseError
        ? `[unavailable] ${error.message}`
        : error instanceof Error
          ? error.message
          : error,
    );
    process.exitCode = 1;
  }
}

if (import.meta.main) await opsCommand(process.argv.slice(2), "npm run ops --");
