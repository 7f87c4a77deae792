import { type Command, CommanderError } from "commander";
import { printable } from "../../schema/text/printable.ts";
import { complain, EXIT, EXIT_HELP } from "./exit.ts";

/**
 * Changes a program: it throws where commander would end the process, lists its exit codes in every help, and repeats no control characters that were
 * typed. It reports a wrong call in one line, with the place of its help.
 */
export function wellBehaved(program: Command): Command {
  return program
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .addHelpText("afterAll", `\n${EXIT_HELP}`);
}

/** After a wrong call, every command names the call of its own help. */
function pointToHelp(command: Command): void {
  command.showHelpAfterError(`See ${calledAs(command)} --help`);
  for (const one of command.commands) pointToHelp(one);
}

/** Adds examples to a command's help. Each call is the text after the command's name. */
export function examples(command: Command, ...calls: string[]): Command {
  const lines = () => calls.map((call) => `  ${calledAs(command)} ${call}`.trimEnd());
  return command.addHelpText("after", () => `\nExamples:\n${lines().join("\n")}`);
}

/** A command's name, after the names of the commands that it belongs to. */
function calledAs(command: Command): string {
  return command.parent === null ? command.name() : `${calledAs(command.parent)} ${command.name()}`;
}

/** An error repeats what was typed, so it is made one line, except for the hint that commander puts under it. */
function oneLine(text: string): string {
  const [, message = text, hint = ""] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? [];
  return `${printable(message)}${hint}\n`;
}

/** Parses arguments and runs their command. Reports a failure on stderr, with the exit code of {@link EXIT}. */
export async function runProgram(program: Command, args: readonly string[]): Promise<void> {
  pointToHelp(program);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const code = exitCodeOfCommander(error);
    if (code === undefined) complain(error);
    else process.exitCode = code;
  }
}

/** The exit code of an error that commander threw and has already reported; `undefined` for any other error. */
function exitCodeOfCommander(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? EXIT.ok : EXIT.wrongCall;
}
