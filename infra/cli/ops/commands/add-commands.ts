import type { Command } from "commander";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { isAction, type MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { examples } from "../../commander.ts";
import { defined, type Options, type Run } from "../options.ts";
import { record } from "../print.ts";
import { ACTING, repeatable } from "./acting.ts";
import { calling, EXAMPLE_ID, type MethodCommand } from "./command.ts";
import { FLOW } from "./flow.ts";
import { READING } from "./reading.ts";

/** Those whose options or answers are more than what stands by place, and names and values. */
const COMMANDS = { ...READING, ...ACTING, ...FLOW };

/** The commands that methods of the operators have. */
export function addCommands(program: Command, run: Run): void {
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const { command: definition } = METHODS[name];
    if (definition === undefined || typeof definition === "string") continue;
    const [usage, help] = definition;
    const { options: addOptions, work, examples: calls } = COMMANDS[name] ?? plain(name);
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

/** Second names, by what people look for. */
const ALIASES: { readonly [Name in MethodName]?: string } = { releaseKey: "skip" };

/** How the commands are called that have no more to say of themselves. */
const PLAIN_EXAMPLES: { readonly [Name in MethodName]?: readonly string[] } = {
  getOperation: [EXAMPLE_ID],
  pauseDestination: ['BILLING "their upgrade, until 18:00"'],
  resumeDestination: ["BILLING"],
  releaseKey: ["BILLING order-17"],
};

/** The command of a method that takes arguments by place, the id of an action, and answers with names and values. */
function plain(name: MethodName): MethodCommand {
  const show = (answer: unknown) => record({ ...(answer as object) });
  const calls = PLAIN_EXAMPLES[name] ?? [];
  if (!isAction(name)) return { work: calling(name, show), examples: calls };
  return {
    options: repeatable,
    work: calling(name, show, ({ placed, options: { operationId } }) => [...placed, defined({ operationId })]),
    examples: calls,
  };
}
