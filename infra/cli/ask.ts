import { confirm } from "@clack/prompts";
import { EXIT } from "./exit.ts";

/** Whether there is somebody to ask. The question goes to stderr, since stdout is for the answer. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks for a yes. Without one, says that nothing was done, and sets the exit code. */
export async function agreed(question: string): Promise<boolean> {
  // If it was cancelled, e.g. with Ctrl-C, the answer is a symbol.
  if ((await confirm({ message: question, initialValue: false, output: process.stderr })) === true) return true;
  console.error("nothing was done");
  process.exitCode = EXIT.failed;
  return false;
}
