import type { Command } from "commander";
import { OperatorError } from "../../../workers/hub/operator/operator-error.ts";
import type { Connection } from "./connect.ts";

/** A command's options, in commander's form. */
export type Options = Record<string, unknown>;

/** The action of a command, after connecting. */
export type Work = (connection: Connection, json: boolean) => Promise<void>;

/** Connects, and runs a command's action. */
export type Run = (work: Work) => Promise<void>;

/** Without the undefined options, since a check distinguishes missing ones from given ones. */
export function defined(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Refuses options that would otherwise be ignored. @throws OperatorError `invalid_arguments` with the first one */
export function refuseOptions(command: Command, isRefused: (name: string) => boolean, why: string): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== "cli" || !isRefused(name)) continue;
    throw new OperatorError("invalid_arguments", `${option.long}: ${why}`);
  }
}
