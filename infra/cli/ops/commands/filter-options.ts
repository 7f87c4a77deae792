import { type Command, InvalidArgumentError, Option } from "commander";
import type { Taken } from "../../../../schema/vocabulary/filter-part.ts";
import {
  ALL_FILTERS,
  DISPATCH_FILTERS,
  EVENT_FILTERS,
  FILTERS,
  type FilterName,
} from "../../../../schema/vocabulary/filters.ts";
import { DISPATCH_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { OptionOf } from "../../completion/option-of.ts";
import type { Options } from "../given-options.ts";
import { moment } from "../read-times.ts";

/** `$.path=value`: the value is JSON if it can be, and otherwise text. */
function payload(text: string): { path: string; equals: unknown } {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("Give it as '$.path=value'.");
  const [path, value] = [text.slice(0, split), text.slice(split + 1)];
  try {
    return { path, equals: JSON.parse(value) };
  } catch {
    return { path, equals: value };
  }
}

/** A whole number. */
export function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

/** A whole number above 0. */
export function positive(text: string): number {
  const number = integer(text);
  if (number === 0) throw new InvalidArgumentError("Give a whole number above 0.");
  return number;
}

/** The completion of statuses in a shell. */
const STATUSES = { values: DISPATCH_STATUSES, several: true };

/** A list of words, separated by commas. */
export const words = (text: string): string[] => text.split(",");

/** How to read the values of filter parts that are not plain text. */
const READERS: { readonly [Type in keyof Taken]?: (text: string) => unknown } = {
  time: moment,
  statuses: words,
  payload,
};

function addFilter(command: Command, names: readonly FilterName[]): Command {
  for (const name of names) {
    const { options, takes } = FILTERS[name];
    const read = READERS[takes];
    for (const [flags, help] of options) {
      const option = takes === "statuses" ? new OptionOf(flags, help, STATUSES) : new Option(flags, help);
      command.addOption(read === undefined ? option : option.argParser(read));
    }
  }
  return command;
}

/** The options of a filter over events. */
export const addEventFilter = (command: Command): Command => addFilter(command, EVENT_FILTERS);

/** The options of a filter over dispatches. */
export const addDispatchFilter = (command: Command): Command => addFilter(command, DISPATCH_FILTERS);

/** The filter in a command's options. */
export function filterOf(given: Options): Options {
  const entries = ALL_FILTERS.flatMap((name) => {
    const [option] = FILTERS[name].options;
    const value = option && given[new Option(option[0]).attributeName()];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
