import { type Command, CommanderError } from "commander";
import { printable } from "../../schema/text/printable.ts";
import { complain, EXIT, EXIT_HELP } from "./exit.ts";

/** A program that throws where commander would end the process, says its exit codes in every help, and repeats no controls of what was typed. */
export function wellBehaved(program: Command): Command {
  return program
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .addHelpText("afterAll", `\n${EXIT_HELP}`);
}

/** Says under a command's help how it is called: each call is what stands after its name. */
export function examples(command: Command, ...calls: string[]): Command {
  const lines = () => calls.map((call) => `  ${calledAs(command)} ${call}`.trimEnd());
  return command.addHelpText("after", () => `\nExamples:\n${lines().join("\n")}`);
}

/** A command's name with those of the commands that it belongs to. */
function calledAs(command: Command): string {
  return command.parent === null ? command.name() : `${calledAs(command.parent)} ${command.name()}`;
}

/** An error repeats what was typed: it is one line, but for the hint that commander puts under it. */
function oneLine(text: string): string {
  const [, message = text, hint = ""] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? [];
  return `${printable(message)}${hint}\n`;
}

/** Parses arguments and does what they say; what fails is said on stderr, with the exit code of {@link EXIT}. */
export async function runProgram(program: Command, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const code = exitCodeOfCommander(error);
    if (code === undefined) complain(error);
    else process.exitCode = code;
  }
}

/** The exit code of what commander threw, which it has said already; `undefined` for every other error. */
function exitCodeOfCommander(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? EXIT.ok : EXIT.wrongCall;
}
