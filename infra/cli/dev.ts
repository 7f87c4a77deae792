import { exitCodeOfCommander } from "./commander.ts";
import { createProgram } from "./dev/program.ts";
import { runDev } from "./dev/run.ts";
import { complain } from "./exit.ts";

/**
 * Runs the whole hub of a project on this machine, beside its own Workers; what fails it says on stderr.
 *
 * @param calledAs What stands before `args` where people type it: for the usage.
 */
export async function devCommand(args: readonly string[], calledAs: string): Promise<void> {
  try {
    await createProgram(process.env, async (options) => {
      process.exitCode = await runDev(options);
    })
      .name(calledAs)
      .parseAsync(args, { from: "user" });
  } catch (error) {
    const code = exitCodeOfCommander(error);
    if (code !== undefined) process.exitCode = code;
    else complain(error);
  }
}
