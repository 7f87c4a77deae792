/** Parts of the pages that tests generate from the code's own tables: `vitest -u` writes them again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ROOT } from "./wrangler-config.ts";

/** A number in the form that pages use. */
export const n = (number: number): string => number.toLocaleString("en", { maximumFractionDigits: 6 });

/** Text for a cell of a table: one line, with no Markdown but that of code. */
export function cell(text: string): string {
  const [...parts] = text.replaceAll(/\s+/g, " ").trim().split("`");
  return parts
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/[*<]/g, "\\$&")))
    .join("`")
    .replaceAll("|", "\\|");
}

/** A table whose first column is code. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  plainTable(
    head,
    rows.map(([name = "", ...rest]) => [`\`${name}\``, ...rest]),
  );

/** A table of text. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`.replaceAll(/\| {2}(?=\|)/g, "| ")).join("\n");
}

/** Expects that a page has this table, in place of the one with the same head. `vitest -u` writes it into the page. */
export async function expectTable(page: string, made: string): Promise<void> {
  const text = readFileSync(join(ROOT, page), "utf8");
  const [head = ""] = made.split("\n");
  const [before = "", rest] = text.split(`\n${head}\n`);
  if (rest === undefined) throw new Error(`${page} has no table that begins with ${head}`);
  const after = rest.slice(/^(?:\|.*\n)*/.exec(rest)?.[0].length);
  await expect(`${before}\n${made}\n${after}`).toMatchFileSnapshot(join(ROOT, page));
}
