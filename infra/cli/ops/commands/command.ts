import type { Command } from "commander";
import type { MethodContext } from "../../../../workers/hub/operator/context.ts";
import { type Answer, METHODS, type Method } from "../../../../workers/hub/operator/methods.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import type { Options } from "../options.ts";
import { print } from "../print.ts";

/** A dispatch, an event or an operation, in examples. */
export const EXAMPLE_ID = "0193a5c0-0000-7000-8000-000000000017";

/** A command as it was typed. */
export interface Typed {
  command: Command;
  /** Its arguments, in their order. */
  placed: readonly (string | undefined)[];
  options: Options;
}

/** What the command of a method does once it is connected. */
export type MethodWork = (typed: Typed, context: MethodContext, json: boolean) => Promise<void>;

/** The command of a method: its options, and what it does. */
export interface MethodCommand {
  /** Adds the options of the command. */
  options?(command: Command): unknown;
  work: MethodWork;
  /** How it is called: what stands after its name, an example each. */
  examples: readonly string[];
}

/** Calls one method and prints its answer; what it is called with is what stands by place, unless `read` says. */
export function calling<Name extends MethodName>(
  name: Name,
  show: (answer: Answer<Name>) => string,
  read: (typed: Typed) => readonly unknown[] = ({ placed }) => placed,
): MethodWork {
  const method: Method<Name> = METHODS[name];
  return async (typed, context, json) => print(await method.run(context, ...(read(typed) as never)), json, show);
}
