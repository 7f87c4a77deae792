import type { Command } from "commander";
import { METHODS } from "../../../workers/hub/operator/methods.ts";
import { isAction, type MethodName } from "../../../workers/hub/operator/operator-methods.ts";
import { repeatable } from "./actions.ts";
import { calling, type Form } from "./form.ts";
import { FORMS } from "./forms.ts";
import { defined, type Options, type Run } from "./options.ts";
import { record } from "./print.ts";

/** The commands that methods of the operators have. */
export function addCommands(program: Command, run: Run): void {
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const { command: definition } = METHODS[name];
    if (definition === undefined || typeof definition === "string") continue;
    const [usage, help] = definition;
    const { options: addOptions, work } = FORMS[name] ?? plain(name);
    const command = program.command(usage).description(help);
    addOptions?.(command);
    command.action((...given: unknown[]) => {
      const places = command.registeredArguments.length;
      const placed = given.slice(0, places) as (string | undefined)[];
      const options = given[places] as Options;
      return run(({ context }, json) => work({ command, placed, options }, context, json));
    });
  }
}

/** What a method's command is without a form: arguments by place, the id of an action, and the answer's names and values. */
function plain(name: MethodName): Form {
  const show = (answer: unknown) => record({ ...(answer as object) });
  if (!isAction(name)) return { work: calling(name, show) };
  return {
    options: repeatable,
    work: calling(name, show, ({ placed, options: { operationId } }) => [...placed, defined({ operationId })]),
  };
}
