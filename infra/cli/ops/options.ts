import type { Command } from "commander";
import { OperatorError } from "../../../workers/hub/operator/operator-error.ts";
import type { Connection } from "./connect.ts";

/** A command's options, as commander gives them. */
export type Options = Record<string, unknown>;

/** What a command does once it is connected. */
export type Work = (connection: Connection, json: boolean) => Promise<void>;

/** Connects, and does a command's work. */
export type Run = (work: Work) => Promise<void>;

/** Without the options that were not given: a check tells them from those that were. */
export function defined(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Refuses options that would be passed over without a word. @throws OperatorError `invalid_arguments` with the first one */
export function refuseOptions(command: Command, isRefused: (name: string) => boolean, why: string): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== "cli" || !isRefused(name)) continue;
    throw new OperatorError("invalid_arguments", `${option.long}: ${why}`);
  }
}
