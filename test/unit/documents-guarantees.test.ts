import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { INVARIANTS as OF_STATEMENTS } from "../chaos/statements/findings.ts";
import { INVARIANTS } from "../chaos/violation.ts";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The statements of the page of guarantees about its tests, and those of ARCHITECTURE.md about the invariants. */

const page = PAGES.get("test/README.md") ?? "";
const [, promised = "", , table = ""] =
  /## Promised\n(.*?)\n## Not promised\n(.*?)\n## Which test holds which promise\n(.*?)\n## /s.exec(page) ?? [];

interface Row {
  promise: string;
  tests: string[];
  campaign: string;
  fuzzer: string[];
}

const codesIn = (text: string) => [...text.matchAll(/`([\w-]+)`/g)].map(([, code = ""]) => code);

const rows: Row[] = [...table.matchAll(/^\| (.+?) \| (`.+?) \| (.*?) ?\| (.*?) ?\|$/gm)].map(
  ([, promise = "", tests = "", campaign = "", fuzzer = ""]) => ({
    promise,
    tests: codesIn(tests),
    campaign,
    fuzzer: codesIn(fuzzer),
  }),
);

test("each promise has a row that names existing tests", () => {
  const promises = [...promised.matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(([, name]) => name);
  expect(promises.length).toBeGreaterThan(10);
  expect(rows.map(({ promise }) => promise)).toEqual(promises);
  const missing = rows.flatMap(({ tests }) => tests).filter((name) => !existsSync(join(ROOT, integration(name))));
  expect(missing).toEqual([]);
});

test("each invariant of the campaign is named, with the file that finds its violations", () => {
  const pairs = [...table.matchAll(/((?:`\w+`(?:, )?)+) \(((?:`check-[\w-]+`(?:, )?)+)\)/g)].flatMap(
    ([, invariants = "", files = ""]) =>
      codesIn(files).flatMap((file) => codesIn(invariants).map((invariant) => ({ invariant, file }))),
  );
  const named = new Set(pairs.map(({ invariant }) => invariant));
  expect([...named].sort()).toEqual(Object.keys(INVARIANTS).sort());
  const idle = pairs.filter(
    ({ invariant, file }) =>
      !new RegExp(`violation\\(\\s*"${invariant}"`).test(readFileSync(join(ROOT, `test/chaos/${file}.ts`), "utf8")),
  );
  expect(idle).toEqual([]);
});

test("each invariant of the fuzzer is named", () => {
  const [, after = ""] = /\n\n(What operators do .*)$/s.exec(table) ?? [];
  const named = new Set([...rows.flatMap(({ fuzzer }) => fuzzer), ...codesIn(after)]);
  expect(Object.keys(OF_STATEMENTS).filter((invariant) => !named.has(invariant))).toEqual([]);
});

test("ARCHITECTURE.md names existing tests", () => {
  const [, invariants = ""] = /## Invariants\n(.*)$/s.exec(PAGES.get("ARCHITECTURE.md") ?? "") ?? [];
  const files = globSync("test/**/*.test.ts", { cwd: ROOT });
  const cells = [...invariants.matchAll(/\| ([^|]+) \|$/gm)].slice(1).map(([, cell = ""]) => cell);
  expect(cells.length).toBeGreaterThan(10);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w/-]+)`/g)].map(([, name = ""]) => name));
  const isThere = (name: string) => files.some((file) => file.endsWith(`${name}.test.ts`) || isFolder(file, name));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

const integration = (name: string) => `test/integration/${name}.test.ts`;

/** Whether a file is in a folder of tests. */
const isFolder = (file: string, name: string) => file.startsWith(`${name}/`) && basename(file) !== name;
