import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Column } from "../../../infra/cli/ops/fit-columns.ts";
import { layOut, terminalWidth } from "../../../infra/cli/ops/table.ts";
import { widthOf } from "../../../infra/cli/text-width.ts";

const COLUMNS: readonly Column[] = [
  { head: "id" },
  { head: "created", drop: 2 },
  { head: "name", least: 6 },
  { head: "count", drop: 1 },
  { head: "why", least: 8, below: true },
];

const cell = (value: string | number) => ({ text: String(value), isNumber: typeof value === "number" });
const ROWS = [
  ["0193a5c0", "2026-11-29 06:13:00", "BILLING-EUROPE", 7, "HTTP 503 from the billing service"],
  ["0193a5c1", "2026-11-29 06:13:01", "SHIP", 12_345, "-"],
].map((row) => row.map(cell));

const laidOut = (width?: number) => stripVTControlCharacters(layOut(COLUMNS, ROWS, width)).split("\n");

describe("a table", () => {
  test("is as wide as its content if no width is given, with numbers aligned to the right", () => {
    expect(laidOut()).toEqual([
      "id        created              name            count  why",
      "0193a5c0  2026-11-29 06:13:00  BILLING-EUROPE      7  HTTP 503 from the billing service",
      "0193a5c1  2026-11-29 06:13:01  SHIP            12345  -",
    ]);
    expect(laidOut(87)).toEqual(laidOut());
  });

  test("shortens texts down to their minimum first, and shares the remaining width evenly", () => {
    expect(laidOut(70)).toEqual([
      "id        created              name            count  why",
      "0193a5c0  2026-11-29 06:13:00  BILLING-EUROPE      7  HTTP 503 from t…",
      "0193a5c1  2026-11-29 06:13:01  SHIP            12345  -",
    ]);
  });

  test("moves columns that allow it below the row, with their names, and omits others in a fixed order", () => {
    expect(laidOut(46)).toEqual([
      "id        created              name      count",
      "0193a5c0  2026-11-29 06:13:00  BILLING…      7",
      "    why: HTTP 503 from the billing service",
      "0193a5c1  2026-11-29 06:13:01  SHIP      12345",
    ]);
    expect(laidOut(30)).toEqual([
      "id        name",
      "0193a5c0  BILLING-EUROPE",
      "    why: HTTP 503 from the bi…",
      "0193a5c1  SHIP",
      "--wide shows created, count",
    ]);
  });

  test("is never wider than the given width, if the required columns fit", () => {
    for (let width = 16; width <= 100; width++) {
      const widest = Math.max(...laidOut(width).map(widthOf));
      expect(widest, `${width}`).toBeLessThanOrEqual(width);
    }
  });

  test("shows ids whole and texts at their minimum, even if they do not fit", () => {
    expect(laidOut(4)[1]).toMatch(/^0193a5c0 {2}BILLI…/);
  });
});

test("the width of a line comes from COLUMNS or the terminal, and is unlimited without both", () => {
  expect(terminalWidth({ COLUMNS: "100" }, { columns: 80 })).toBe(100);
  expect(terminalWidth({}, { columns: 80 })).toBe(80);
  expect(terminalWidth({ COLUMNS: "many" }, { columns: 80 })).toBe(80);
  expect(terminalWidth({}, {})).toBeUndefined();
});
