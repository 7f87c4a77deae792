import type { Argument, Command, Option } from "commander";
import { OptionOf } from "./option-of.ts";

/** A word that may be at the cursor. */
export interface Candidate {
  value: string;
  /** One line, as in the help. */
  description: string;
}

/** The place in a command line before its last word. */
interface Place {
  command: Command;
  /** The option whose value comes next. */
  pending: Option | undefined;
  /** The number of the command's arguments so far. */
  placed: number;
  /** The options so far. */
  given: Set<Option>;
}

/**
 * The possible completions of the last of `words`; none if it is a file or free text.
 *
 * @param words All words after the program's name. The last is the one that is being typed, and may be empty.
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidate[] {
  const current = words.at(-1) ?? "";
  const place = placeAfter(program, words.slice(0, -1));
  // A shell may split `--order=newest` at the sign.
  if (place.pending !== undefined) return valuesOf(place.pending, current === "=" ? "" : current);
  const [, flag, begun] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag !== undefined && begun !== undefined) {
    const option = optionOf(place.command, flag);
    const values = option === undefined ? [] : valuesOf(option, begun);
    return values.map(({ value, description }) => ({ value: `${flag}=${value}`, description }));
  }
  const all = current.startsWith("-") ? optionsOf(place) : [...commandsOf(place), ...argumentsOf(place)];
  return all.filter(({ value }) => value.startsWith(current));
}

function placeAfter(program: Command, words: readonly string[]): Place {
  const place: Place = { command: program, pending: undefined, placed: 0, given: new Set() };
  for (const word of words) {
    if (place.pending !== undefined) {
      if (word !== "=") place.pending = undefined;
    } else if (word.startsWith("-")) {
      const option = optionOf(place.command, word.replace(/=.*/s, ""));
      if (option !== undefined) place.given.add(option);
      if (option?.required && !word.includes("=")) place.pending = option;
    } else {
      const command =
        place.placed === 0
          ? place.command.commands.find((one) => one.name() === word || one.aliases().includes(word))
          : undefined;
      if (command === undefined) place.placed++;
      else place.command = command;
    }
  }
  return place;
}

/** A command and the commands that it belongs to: it accepts their options as well. */
const line = (command: Command): Command[] => [command, ...(command.parent === null ? [] : line(command.parent))];

const optionOf = (command: Command, flag: string): Option | undefined =>
  line(command)
    .flatMap(({ options }) => options)
    .find(({ long, short }) => flag === long || flag === short);

function valuesOf(option: Option, begun: string): Candidate[] {
  const [values, several] =
    option instanceof OptionOf ? [option.values, option.several] : [option.argChoices ?? [], false];
  const before = several ? begun.slice(0, begun.lastIndexOf(",") + 1) : "";
  const taken = before.split(",");
  return values
    .filter((value) => !taken.includes(value))
    .map((value) => ({ value: `${before}${value}`, description: "" }))
    .filter(({ value }) => value.startsWith(begun));
}

function optionsOf({ command, given }: Place): Candidate[] {
  return line(command)
    .flatMap((one) => one.createHelp().visibleOptions(one))
    .filter((option) => option.variadic || !given.has(option))
    .flatMap(({ long, description }) => (long === undefined || long === null ? [] : [{ value: long, description }]))
    .filter(({ value }, index, all) => all.findIndex((other) => other.value === value) === index);
}

function commandsOf({ command, placed }: Place): Candidate[] {
  if (placed > 0) return [];
  const commands = command.createHelp().visibleCommands(command);
  return commands.map((one) => ({ value: one.name(), description: one.description() }));
}

function argumentsOf({ command, placed }: Place): Candidate[] {
  const argument: Argument | undefined = command.registeredArguments[placed];
  return (argument?.argChoices ?? []).map((value) => ({ value, description: argument?.description ?? "" }));
}
