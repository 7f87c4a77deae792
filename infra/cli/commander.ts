import { type Command, CommanderError } from "commander";
import { printable } from "../../schema/text/printable.ts";
import { EXIT, EXIT_HELP } from "./exit.ts";

/** A program that throws where commander would end the process, says its exit codes in every help, and repeats no controls of what was typed. */
export function wellBehaved(program: Command): Command {
  return program
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .showHelpAfterError()
    .addHelpText("afterAll", `\n${EXIT_HELP}`);
}

/** An error repeats what was typed: it is one line, but for the hint that commander puts under it. */
function oneLine(text: string): string {
  const [, message = text, hint = ""] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? [];
  return `${printable(message)}${hint}\n`;
}

/** The exit code of what commander threw, which it has said already; `undefined` for every other error. */
export function exitCodeOfCommander(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? EXIT.ok : EXIT.wrongCall;
}
