import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The rows of schema/where.md, each with the folder that its heading names, if it names one. */
function rowsOf(page: string): { folder: string; row: string }[] {
  let folder = "";
  return page.split("\n").flatMap((row) => {
    if (row.startsWith("## ")) folder = /below `([^`]+)`/.exec(row)?.[1] ?? "";
    return row.startsWith("| ") && !row.startsWith("| to change") ? [{ folder, row }] : [];
  });
}

/** The paths in the last column of a row. What is no path is the name of a function in the database. */
const pathsOf = ({ folder, row }: { folder: string; row: string }) =>
  [...(row.split(" | ").at(-1) ?? "").matchAll(/`([^`]+)`/g)]
    .map(([, text = ""]) => text)
    .filter((text) => text.includes("/"))
    .map((path) => (path.startsWith("schema/") ? path : `${folder}${path}`).replaceAll(/<\w+>/g, "*"));

test("each row of the page that says where to change what names files that there are", () => {
  const rows = rowsOf(PAGES.get("schema/where.md") ?? "");
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.filter((row) => pathsOf(row).length === 0)).toEqual([]);
  const exists = (path: string) =>
    path.includes("*") ? globSync(path, { cwd: ROOT }).length > 0 : existsSync(join(ROOT, path));
  expect(rows.flatMap(pathsOf).filter((path) => !exists(path))).toEqual([]);
});

test("a function of the database is named with the file of its newest definition", () => {
  const named = rowsOf(PAGES.get("schema/where.md") ?? "").flatMap(({ row }) =>
    [...row.matchAll(/`(\w+)`: `(schema\/migrations\/[^`]+)`/g)].map(([, name = "", file = ""]) => ({ name, file })),
  );
  expect(named.length).toBeGreaterThan(6);
  const definitions = globSync("schema/migrations/*.sql", { cwd: ROOT }).sort();
  const newest = (name: string) =>
    definitions
      .filter((file) =>
        new RegExp(`CREATE (OR REPLACE )?FUNCTION eventhub\\.${name}\\(`).test(readFileSync(join(ROOT, file), "utf8")),
      )
      .at(-1);
  expect(named.filter(({ name, file }) => newest(name) !== file)).toEqual([]);
});
