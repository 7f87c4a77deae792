/** Parts of the pages that tests generate from the code's own tables: `vitest -u` writes them again. */

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
  return lines.map((cells) => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |")).join("\n");
}
