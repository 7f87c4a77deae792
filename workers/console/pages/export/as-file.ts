import type { ConsoleContext } from "../../env.ts";
import { csv } from "../../format/csv.ts";

/** The rows that one call of the hub returns. */
export const CALL_ROWS = 500;

/** The most calls for one file. A Worker's request may make 32 calls of other Workers. */
export const MAX_CALLS = 25;

/** How the value of each column is read. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => unknown>>;

/** The rows that were read for a file. */
export interface Read<Item> {
  items: Item[];
  /** The part of the file's name that tells what is missing in it. */
  rest: "" | "-and-more" | "-unfinished";
}

/** Rows as a file: some columns as CSV, or everything as JSON. */
export function asFile<Item>(
  c: ConsoleContext,
  name: string,
  format: "csv" | "json",
  columns: Columns<Item>,
  { items, rest }: Read<Item>,
) {
  const time = new Date().toISOString().slice(0, 16).replace(":", "");
  c.header("Content-Disposition", `attachment; filename="${name}-${time}${rest}.${format}"`);
  if (format === "json")
    return c.body(`${JSON.stringify(items, null, 1)}\n`, 200, { "Content-Type": "application/json" });
  const text = csv([Object.keys(columns), ...items.map((item) => Object.values(columns).map((read) => read(item)))]);
  return c.body(text, 200, { "Content-Type": "text/csv; charset=utf-8" });
}
