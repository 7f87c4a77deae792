import { type Command, InvalidArgumentError } from "commander";
import { TAILED, type Tailed } from "../../../../schema/contract/tail.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { tail } from "../tail/follow.ts";
import type { MethodCommand } from "./command.ts";
import { addDispatchFilter, filterOf, words } from "./filter-options.ts";

const isTailed = (word: string): word is Tailed => TAILED.some((one) => one === word);

function sorts(text: string): Tailed[] {
  const given = words(text);
  if (given.every(isTailed)) return given;
  throw new InvalidArgumentError(`Give some of ${TAILED.join(", ")}.`);
}

/** `tail`: follows what happens, until Ctrl-C. */
export const TAIL: MethodCommand = {
  options: (command: Command) =>
    addDispatchFilter(command)
      .addOption(
        new OptionOf("--only <sorts>", `of ${TAILED.join(", ")}; several with commas`, {
          values: TAILED,
          several: true,
        }).argParser(sorts),
      )
      .option("--no-backfill", "do not start with the last minute"),
  work: ({ options }, context, json) =>
    tail(context, filterOf(options), {
      json,
      only: options.only as Tailed[] | undefined,
      backfill: options.backfill !== false,
    }),
  examples: ["", "--destination BILLING --only attempt,result", "--status failed,lost --no-backfill"],
};
