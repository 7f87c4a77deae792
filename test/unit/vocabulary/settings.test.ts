import { expect, test } from "vitest";
import { SETTINGS, type Setting } from "../../../schema/vocabulary/settings.ts";
import { DOCUMENTS } from "../../support/pages.ts";

/** The row that a setting must have in the pages. */
function rowOf(worker: string, name: string, setting: Setting): string {
  const need = setting.local === true ? "local stack only" : setting.required ? "required" : "";
  const otherwise = setting.default === undefined ? "" : `; default ${setting.default}`;
  return `| ${worker} | \`${name}\` | ${setting.kind} | ${need} | ${setting.what}${otherwise} |`;
}

/** Settings with the same name and meaning in hub and executor share one row. */
function rows(): string[] {
  const byRow = new Map<string, string[]>();
  for (const [worker, settings] of Object.entries<Record<string, Setting>>(SETTINGS)) {
    for (const [name, setting] of Object.entries(settings)) {
      const rest = rowOf("", name, setting);
      byRow.set(rest, [...(byRow.get(rest) ?? []), worker]);
    }
  }
  return [...byRow].map(([rest, workers]) => rest.replace("|  |", `| ${workers.join(", ")} |`));
}

test("the pages' table of settings is that of the code, row for row", () => {
  const [, table = ""] = DOCUMENTS.split("| Worker | name | kind | | |\n|---|---|---|---|---|\n");
  expect(table.slice(0, table.indexOf("\n\n")).split("\n")).toEqual(rows());
});

test("what has a method is required, and what is the local stack's alone is not", () => {
  const all: Setting[] = Object.values(SETTINGS).flatMap((settings) => Object.values<Setting>(settings));
  expect(all.filter(({ method, required }) => method !== undefined && !required)).toEqual([]);
  expect(all.filter(({ local, required }) => local === true && required)).toEqual([]);
});
