import pc from "picocolors";
import type { Page } from "../../../schema/contract/operator.ts";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import { type DispatchStatus, STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { shorten } from "../text-width.ts";
import type { Column } from "./fit-columns.ts";
import { layOut, NOTHING, terminalWidth } from "./table.ts";

/**
 * Text of our own for the terminal, including its colours. All other text in a table, a record or a line comes from others, and is made printable.
 */
class Ours {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Prints an answer: JSON for programs, or the text of `human` for people. */
export function print<T>(answer: T, json: boolean, human: (answer: T) => string): void {
  console.log(json ? printableJson(answer) : human(answer));
}

/** Whether tables are as wide as they need to be, in all output. */
let wide = false;

/** Makes tables as wide as they need to be, or fits them to the terminal. */
export function printWide(isWide: boolean): void {
  wide = isWide;
}

/** How many places a line may take; `undefined`: as many as it needs. */
export const lineWidth = (): number | undefined => (wide ? undefined : terminalWidth());

/** A table that fits the terminal, as its columns allow; a column given by name alone stays as it is. Without rows, the text `empty`. */
export function table(
  head: readonly (string | Column)[],
  rows: readonly (readonly unknown[])[],
  empty = "nothing found",
): string {
  if (rows.length === 0) return empty;
  const columns = head.map((column) => (typeof column === "string" ? { head: column } : column));
  const cells = rows.map((row) => row.map((value) => ({ text: cell(value), isNumber: typeof value === "number" })));
  return layOut(columns, cells, lineWidth());
}

/** The line below a table that says how to get the next page; nothing at the end of the list. */
export const more = ({ cursor }: Page<unknown>) => (cursor === undefined ? "" : `\nmore: --cursor ${cursor}`);

/** Names and values, one per line. */
export function record(values: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(values).map(({ length }) => length));
  return Object.entries(values)
    .map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${cell(value)}`)
    .join("\n");
}

/** A rate from 0 to 1, as a percentage with two decimals; `-` if there is none. */
export const percent = (rate: number | null): string => (rate === null ? NOTHING : `${(rate * 100).toFixed(2)} %`);

/** A status in its colour, or another word in that colour. */
export function status(name: string, word = name): Ours {
  return new Ours(colourOf(name)(printable(word)));
}

function colourOf(name: string): (text: string) => string {
  const facts = Object.hasOwn(STATUSES, name) ? STATUSES[name as DispatchStatus] : undefined;
  if (facts === undefined || facts.unhappy) return pc.red;
  if (facts.delivered) return pc.green;
  return facts.final ? pc.yellow : pc.cyan;
}

/** The number of each status. */
export function counts(entries: Iterable<readonly [status: string, count: number]>): Ours {
  return new Ours(Array.from(entries, ([name, count]) => `${count} ${status(name).text}`).join(", "));
}

/** One line, with its values in the form of {@link table}. */
export function line(parts: readonly unknown[]): string {
  return parts.map(cell).join("  ");
}

/** Text on one line, cut between two letters. `length` counts places of the terminal. */
export function short(text: string | null, length = 60): string {
  return shorten(printable((text ?? "").replaceAll(/\s+/g, " ")), length);
}

/** A time for people, in UTC. */
export const at = (moment: Date | null): string =>
  moment === null ? "-" : moment.toISOString().replace("T", " ").slice(0, 19);

function cell(value: unknown): string {
  if (value instanceof Ours) return value.text;
  if (value === null || value === undefined) return NOTHING;
  if (value instanceof Date) return at(value);
  return typeof value === "object" ? printableJson(value) : printable(String(value));
}
