import type { Command } from "commander";
import { type Candidate, candidatesFor } from "./candidates.ts";
import type { CompletedShell } from "./shells.ts";

/** The line of a candidate, in the form that a shell's script reads. */
const LINES: Readonly<Record<CompletedShell, (candidate: Candidate) => string>> = {
  bash: ({ value }) => value,
  zsh: ({ value, description }) =>
    [value.replaceAll(":", "\\:"), ...(description === "" ? [] : [description])].join(":"),
  fish: ({ value, description }) => `${value}\t${description}`,
};

/**
 * Answers the scripts of {@link import("./script.ts").completionScript}. The arguments are the shell, and then the words after the program's name.
 */
export function printCompletions(program: Command, [shell, ...words]: readonly string[]): void {
  const line = LINES[shell as CompletedShell] ?? LINES.bash;
  for (const candidate of candidatesFor(program, words)) console.log(line(candidate));
}
