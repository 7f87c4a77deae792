import Table from "cli-table3";
import pc from "picocolors";

/** Prints an answer: JSON for programs, or what `human` makes of it for people. */
export function print<T>(answer: T, json: boolean, human: (answer: T) => string): void {
  console.log(json ? JSON.stringify(answer) : human(answer));
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
export function status(name: string): string {
  if (name === "complete" || name === "ignored") return pc.green(name);
  if (name === "ongoing") return pc.cyan(name);
  return name === "cancelled" ? pc.yellow(name) : pc.red(name);
}

/** Text of one line, cut. */
export function short(text: string | null, length = 60): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ");
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** A moment as people read it, in UTC. */
export const at = (moment: Date | null): string =>
  moment === null ? "-" : moment.toISOString().replace("T", " ").slice(0, 19);

function cell(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (value instanceof Date) return at(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
