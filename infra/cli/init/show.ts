import { structuredPatch } from "diff";
import colors from "picocolors";
import { printable } from "../../../schema/text/printable.ts";
import type { Change } from "./plan.ts";

type Colors = ReturnType<typeof colors.createColors>;

/** The difference that a change makes, for people: with the lines around it, marked with `+` and `-`, in colour if the terminal has colours. */
export function diffText({ path, before, after }: Change, { bold, cyan, green, red, dim }: Colors = colors): string {
  const { hunks } = structuredPatch(path, path, before ?? "", after, undefined, undefined, { context: 3 });
  const paint = (line: string): string => {
    const text = printable(line.replaceAll("\t", "  ").replace(/\r$/, ""));
    if (line.startsWith("+")) return green(text);
    if (line.startsWith("-")) return red(text);
    return line.startsWith("\\") ? dim(text) : text;
  };
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    ...(before === undefined ? [] : [cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`)]),
    ...lines.map(paint),
  ]);
  return [bold(before === undefined ? `${path} (new)` : path), ...lines].join("\n");
}
