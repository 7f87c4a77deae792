import Table from "cli-table3";
import pc from "picocolors";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import { type DispatchStatus, STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { shorten } from "../text.ts";

/**
 * Text for the terminal that is ours, colours and all. Every other text in a table, a record or a line is somebody else's, and made printable.
 */
class Ours {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Prints an answer: JSON for programs, or what `human` makes of it for people. */
export function print<T>(answer: T, json: boolean, human: (answer: T) => string): void {
  console.log(json ? printableJson(answer) : human(answer));
}

/** A table; columns as wide as they need to be. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) lines.push(row.map(cell));
  return rows.length === 0 ? "nothing found" : lines.toString();
}

/** Names and values, one a line. */
export function record(values: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(values).map(({ length }) => length));
  return Object.entries(values)
    .map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${cell(value)}`)
    .join("\n");
}

/** A status with its colour. */
export function status(name: string): Ours {
  return new Ours(colourOf(name)(printable(name)));
}

function colourOf(name: string): (text: string) => string {
  const facts = Object.hasOwn(STATUSES, name) ? STATUSES[name as DispatchStatus] : undefined;
  if (facts === undefined || facts.unhappy) return pc.red;
  if (facts.delivered) return pc.green;
  return facts.final ? pc.yellow : pc.cyan;
}

/** How many of each status. */
export function counts(entries: Iterable<readonly [status: string, count: number]>): Ours {
  return new Ours(Array.from(entries, ([name, count]) => `${count} ${status(name).text}`).join(", "));
}

/** One line: its values as {@link table} has them. */
export function line(parts: readonly unknown[]): string {
  return parts.map(cell).join("  ");
}

/** Text of one line, cut between two letters; `length` is in places of the terminal. */
export function short(text: string | null, length = 60): string {
  return shorten(printable((text ?? "").replaceAll(/\s+/g, " ")), length);
}

/** A moment as people read it, in UTC. */
export const at = (moment: Date | null): string =>
  moment === null ? "-" : moment.toISOString().replace("T", " ").slice(0, 19);

function cell(value: unknown): string {
  if (value instanceof Ours) return value.text;
  if (value === null || value === undefined) return "-";
  if (value instanceof Date) return at(value);
  return typeof value === "object" ? printableJson(value) : printable(String(value));
}
