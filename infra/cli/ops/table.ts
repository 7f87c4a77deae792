import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import { padTo, shorten, widthOf } from "../text-width.ts";
import { type Column, chooseColumns } from "./fit-columns.ts";

/** The number of places in a line: `COLUMNS`, or the terminal's; `undefined` without a terminal, since nothing is cut there. */
export function terminalWidth({ COLUMNS } = process.env, stream: { columns?: number } = process.stdout) {
  const given = Number(COLUMNS);
  return Number.isInteger(given) && given > 0 ? given : stream.columns;
}

/** The text of a cell, with our colours. Numbers are right-aligned. */
export interface Cell {
  text: string;
  isNumber: boolean;
}

const plain = (text: string) => stripVTControlCharacters(text);

const places = ({ text }: Cell) => widthOf(plain(text));

/** Shown for a missing value. */
export const NOTHING = "-";

/**
 * A table without lines, whose columns are as wide as they need to be, or as `width` allows. What does not fit is shortened, moved below its row, or
 * left out and named at the end, as each column allows.
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined,
): string {
  const needs = columns.map(({ head }, i) =>
    Math.max(widthOf(head), ...rows.map((row) => cellAt(row, i, places) ?? 0)),
  );
  const { shown, below, left } = chooseColumns(columns, needs, width);
  const isNumber = columns.map((_, i) => isNumeric(rows.flatMap((row) => cellAt(row, i, (cell) => [cell]) ?? [])));
  const line = (texts: readonly string[]) =>
    shown
      .map(({ index, places }) => place(texts[index] ?? "", places, isNumber[index] === true))
      .join("  ")
      .trimEnd();
  return [
    pc.dim(line(columns.map(({ head }) => head))),
    ...rows.flatMap((row) => [line(row.map(({ text }) => text)), ...stacked(below, columns, row, width)]),
    ...(left.length === 0
      ? []
      : [pc.dim(shorten(`--wide shows ${left.map((i) => columns[i]?.head).join(", ")}`, width ?? 0))]),
  ].join("\n");
}

const isNumeric = (cells: readonly Cell[]) =>
  cells.some((cell) => cell.isNumber) && cells.every((cell) => cell.isNumber || cell.text === NOTHING);

function cellAt<T>(row: readonly Cell[], index: number, read: (cell: Cell) => T): T | undefined {
  const cell = row[index];
  return cell === undefined ? undefined : read(cell);
}

function place(text: string, width: number, right: boolean): string {
  const bare = plain(text);
  const needed = widthOf(bare);
  if (needed > width) return padTo(shorten(bare, width), width);
  const space = " ".repeat(width - needed);
  return right ? space + text : text + space;
}

/** The values that do not fit in a row, each with its name on a line below it. */
function stacked(below: readonly number[], columns: readonly Column[], row: readonly Cell[], width = 0): string[] {
  return below.flatMap((i) => {
    const text = plain(row[i]?.text ?? NOTHING);
    return text === NOTHING || text === "" ? [] : [shorten(`    ${columns[i]?.head}: ${text}`, width)];
  });
}
