import { expect, test } from "vitest";
import { SETTINGS, type Setting } from "../../../schema/vocabulary/settings.ts";
import { expectTable, plainTable } from "../../support/made-page.ts";

/** What the page says of a setting, after the Worker's name. */
function cellsOf(name: string, setting: Setting): string[] {
  const need = setting.local === true ? "local stack only" : setting.required ? "required" : "";
  const otherwise = setting.default === undefined ? "" : `; default ${setting.default}`;
  return [`\`${name}\``, setting.kind, need, `${setting.what}${otherwise}`];
}

/** Settings with the same name and meaning in several Workers share one row. */
function rows(): string[][] {
  const workersOf = new Map<string, string[]>();
  for (const [worker, settings] of Object.entries<Record<string, Setting>>(SETTINGS)) {
    for (const [name, setting] of Object.entries(settings)) {
      const cells = JSON.stringify(cellsOf(name, setting));
      workersOf.set(cells, [...(workersOf.get(cells) ?? []), worker]);
    }
  }
  return [...workersOf].map(([cells, workers]) => [workers.join(", "), ...(JSON.parse(cells) as string[])]);
}

test("the page of the Workers has each setting, as the code has it", async () => {
  await expectTable("workers/README.md", plainTable(["Worker", "name", "kind", "", "what it is"], rows()));
});

test("bindings with methods are required, and settings that only the local stack has are not", () => {
  const all: Setting[] = Object.values(SETTINGS).flatMap((settings) => Object.values<Setting>(settings));
  expect(all.filter(({ method, required }) => method !== undefined && !required)).toEqual([]);
  expect(all.filter(({ local, required }) => local === true && required)).toEqual([]);
});
