import type { Command } from "commander";
import type { MethodContext } from "../../../../workers/hub/operator/context.ts";
import { type Answer, METHODS, type Method } from "../../../../workers/hub/operator/methods.ts";
import { isAction, type MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { EXIT } from "../../exit.ts";
import { defined, type Options } from "../given-options.ts";
import { print } from "../print.ts";
import { tellNextLook } from "../tell-next-look.ts";

/** The id of a dispatch, an event or an operation, in examples. */
export const EXAMPLE_ID = "0193a5c0-0000-7000-8000-000000000017";

/** A command line. */
export interface Typed {
  command: Command;
  /** Its positional arguments. */
  placed: readonly (string | undefined)[];
  options: Options;
}

/** The action of a method's command, after connecting. */
export type MethodWork = (typed: Typed, context: MethodContext, json: boolean) => Promise<void>;

/** The command of a method: its options and its action. */
export interface MethodCommand {
  /** Adds the options of the command. */
  options?(command: Command): unknown;
  work: MethodWork;
  /** Its examples: the text after its name. */
  examples: readonly string[];
}

/** The actions after which no look is needed. */
const NOBODY_LOOKS: readonly MethodName[] = ["pauseDestination", "pauseKey", "stopOperation", "noteIncident"];

/** The positional arguments of an action, and the id that makes it repeatable. */
export const withOperationId = ({ placed, options: { operationId } }: Typed): readonly unknown[] => [
  ...placed,
  defined({ operationId }),
];

/**
 * Calls one method and prints its answer. Its arguments are the positional ones, unless `read` makes them. For a list, `found` returns how many items
 * it has; with none, the command ends with {@link EXIT.notFound}.
 */
export function calling<Name extends MethodName>(
  name: Name,
  show: (answer: Answer<Name>) => string,
  read: (typed: Typed) => readonly unknown[] = ({ placed }) => placed,
  found?: (answer: Answer<Name>) => number,
): MethodWork {
  const method: Method<Name> = METHODS[name];
  return async (typed, context, json) => {
    const answer = await method.run(context, ...(read(typed) as never));
    print(answer, json, show);
    if (found?.(answer) === 0) process.exitCode = EXIT.notFound;
    if (isAction(name) && !NOBODY_LOOKS.includes(name)) await tellNextLook(context);
  };
}
