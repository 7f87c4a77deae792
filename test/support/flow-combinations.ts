import { readFile } from "node:fs/promises";
import { describe } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** The test files that have the tests of the table. */
const FILES = ["flow-combinations", "flow-combinations-hub"];

/** The tests of one row of the table "together with" in workflows/kinds/limits-and-order.md. */
export const together = (row: string, tests: () => void): void => {
  describe(`together with ${row}`, tests);
};

/** The names of the table's rows, and of those that have tests, both sorted. */
export async function combinations(): Promise<{ rows: string[]; tested: string[] }> {
  const page = await readFile(new URL("workflows/kinds/limits-and-order.md", ROOT), "utf8");
  const [, table = ""] = page.split(/^\| together with .*\n\| --- .*\n/m);
  const texts = await Promise.all(
    FILES.map((file) => readFile(new URL(`test/integration/${file}.test.ts`, ROOT), "utf8")),
  );
  return {
    rows: firsts(table.split("\n\n")[0] ?? "", /^\| (.+?) \|/gm),
    tested: firsts(texts.join("\n"), /^\s*together\("(.+?)"/gm),
  };
}

const firsts = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []).toSorted();
