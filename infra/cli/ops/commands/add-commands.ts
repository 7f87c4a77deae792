import type { Command } from "commander";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { isAction, type MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { examples } from "../../commander.ts";
import type { Options, Run } from "../given-options.ts";
import { record } from "../print.ts";
import { ACTING, repeatable } from "./acting.ts";
import { calling, EXAMPLE_ID, type MethodCommand, withOperationId } from "./command.ts";
import { FLOW } from "./flow.ts";
import { READING } from "./reading.ts";

/** The commands with options, or with answers beyond names and values. */
const COMMANDS = { ...READING, ...ACTING, ...FLOW };

/** Adds a command for each method of operators. */
export function addCommands(program: Command, run: Run): void {
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const { command: definition } = METHODS[name];
    if (definition === undefined || typeof definition === "string") continue;
    const [usage, help] = definition;
    const { options: addOptions, work, examples: calls } = COMMANDS[name] ?? plain(name, usage);
    const command = program.command(usage).description(help);
    const alias = ALIASES[name];
    if (alias !== undefined) command.alias(alias);
    addOptions?.(command);
    examples(command, ...calls);
    command.action((...given: unknown[]) => {
      const places = command.registeredArguments.length;
      const placed = given.slice(0, places) as (string | undefined)[];
      const options = given[places] as Options;
      return run(({ context }, json) => work({ command, placed, options }, context, json));
    });
  }
}

/** Second names that people may look for. */
const ALIASES: { readonly [Name in MethodName]?: string } = { releaseKey: "skip", tail: "follow" };

/** Examples of positional arguments, by the argument's name. Others are ids. */
const EXAMPLES: Readonly<Record<string, string>> = {
  destination: "BILLING",
  key: "order-17",
  reason: '"their upgrade, until 18:00"',
  text: '"ticket 4711"',
};

/** The command of a method whose arguments are positional, with the id of an action, and whose answer is names and values. */
function plain(name: MethodName, usage: string): MethodCommand {
  const show = (answer: unknown) => record({ ...(answer as object) });
  const places = [...usage.matchAll(/[<[](\w+)[\]>]/g)].map(([, argument = ""]) => EXAMPLES[argument] ?? EXAMPLE_ID);
  const calls = [places.join(" ")];
  if (!isAction(name)) return { work: calling(name, show), examples: calls };
  return {
    options: repeatable,
    work: calling(name, show, withOperationId),
    examples: calls,
  };
}
