import { type Command, InvalidArgumentError, Option } from "commander";
import type { Taken } from "../../../../schema/vocabulary/filter-part.ts";
import { DISPATCH_FILTERS, EVENT_FILTERS, FILTERS, type FilterName } from "../../../../schema/vocabulary/filters.ts";
import { ISO_TIME_RULE, parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";
import { DISPATCH_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { OptionOf } from "../../completion/option-of.ts";
import type { Options } from "../options.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Events' ids hold their time since then, so nothing is older. */
const BEFORE_ALL = "That is before 1970, when nothing had been emitted: leave the option out.";
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A moment: `90m`, `12h`, `7d` ago, or ISO 8601 with its zone. */
export function moment(text: string): string {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const time = amount === undefined ? parseIsoTime(text) : Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  if (time === undefined)
    throw new InvalidArgumentError(`Give a time as 90m, 12h or 7d (ago), or as ${ISO_TIME_RULE}.`);
  if (!(time >= 0 && time <= LATEST))
    throw new InvalidArgumentError(time < 0 ? BEFORE_ALL : "Give a time before the year 10000.");
  return new Date(time).toISOString();
}

/** `$.path=value`: the value as JSON where it is that, else as text. */
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

/** What a shell completes of statuses. */
const STATUSES = { values: DISPATCH_STATUSES, several: true };

/** A list of words with commas between them. */
const words = (text: string) => text.split(",");

/** How what a part of a filter takes is read, where it is not just text. */
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
  const entries = DISPATCH_FILTERS.flatMap((name) => {
    const [option] = FILTERS[name].options;
    const value = option && given[new Option(option[0]).attributeName()];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
