import { type ExecFileOptions, execFile } from "node:child_process";
import type { Ended } from "./command-process.ts";

/** Runs a program of this repository in a process of its own, and waits for its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: Pick<ExecFileOptions, "cwd" | "env"> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
