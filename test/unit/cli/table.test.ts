import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Column } from "../../../infra/cli/ops/columns.ts";
import { layOut, terminalWidth } from "../../../infra/cli/ops/table.ts";
import { widthOf } from "../../../infra/cli/text.ts";

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
  test("is as wide as it needs to be where nobody says how wide, numbers at the right", () => {
    expect(laidOut()).toEqual([
      "id        created              name            count  why",
      "0193a5c0  2026-11-29 06:13:00  BILLING-EUROPE      7  HTTP 503 from the billing service",
      "0193a5c1  2026-11-29 06:13:01  SHIP            12345  -",
    ]);
    expect(laidOut(87)).toEqual(laidOut());
  });

  test("shortens text first, as far as it may be, and shares what is left evenly", () => {
    expect(laidOut(70)).toEqual([
      "id        created              name            count  why",
      "0193a5c0  2026-11-29 06:13:00  BILLING-EUROPE      7  HTTP 503 from t…",
      "0193a5c1  2026-11-29 06:13:01  SHIP            12345  -",
    ]);
  });

  test("puts what may go there below its row, with its name, and leaves out columns in their order", () => {
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

  test("is never wider than it is told, as long as what must be shown fits", () => {
    for (let width = 16; width <= 100; width++) {
      const widest = Math.max(...laidOut(width).map(widthOf));
      expect(widest, `${width}`).toBeLessThanOrEqual(width);
    }
  });

  test("keeps what must be shown whole, even where there is no place for it", () => {
    expect(laidOut(4)[1]).toMatch(/^0193a5c0 {2}BILLI…/);
  });
});

test("COLUMNS says how wide a line is, else the terminal does, and without one nothing", () => {
  expect(terminalWidth({ COLUMNS: "100" }, { columns: 80 })).toBe(100);
  expect(terminalWidth({}, { columns: 80 })).toBe(80);
  expect(terminalWidth({ COLUMNS: "many" }, { columns: 80 })).toBe(80);
  expect(terminalWidth({}, {})).toBeUndefined();
});
