import { existsSync, globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { type ParseError, parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import * as schema from "../../schema/tables.ts";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The most lines of a page, since each page answers one question. */
const MAX_LINES = 200;
const MAX_README_LINES = 150;

interface Link {
  page: string;
  target: string;
}

/** The links of a page to places in this repository. */
function linksOf([page, text]: readonly [string, string]): Link[] {
  const prose = text.replaceAll(/```.*?```/gs, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|srcset)="([^"]+)"/g)];
  return targets.flatMap(([, target = ""]) => (/^https?:/.test(target) ? [] : [{ page, target }]));
}

/** The page or file that a link leads to, from the root, and its anchor. */
function resolve({ page, target }: Link): { path: string; anchor: string | undefined } {
  const [path = "", anchor] = target.split("#");
  return { path: path === "" ? page : normalize(join(dirname(page), path)), anchor };
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/```.*?```/gs, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}

/**
 * The places where a formatter that joins lines has garbled a page, or would do so. It keeps fences as they are, but no other drawing, code or
 * paragraph.
 */
function garbledIn([page, text]: readonly [string, string]): { page: string; what: string; line: string }[] {
  const prose = text.replaceAll(/```.*?```/gs, "");
  const lines = prose.split("\n");
  const told = (what: string, found: readonly string[]) => found.map((line) => ({ page, what, line }));
  const joined = prose.replaceAll(/\n(?! *(?:\n|[-*|] |\d+\. ))/g, " ").split("\n");
  return [
    ...told(
      "drawing",
      lines.filter((line) => line.includes("-->")),
    ),
    ...told(
      "code",
      lines.filter((line, index) => line.startsWith("    ") && lines[index - 1]?.trim() === ""),
    ),
    // "1. **emit** (`file`): …" begins an item or a paragraph. In the middle of one, it has lost its line break.
    ...told(
      "paragraph",
      joined.filter((line) => /(?<!^ *\d+)[.:;!?] +\*\*[^*]+\*\*\s*(?:\([^)]*\))?:/.test(line)),
    ),
  ];
}

const links = [...PAGES].flatMap(linksOf);

describe("the pages", () => {
  test("link only to existing pages, anchors and files", () => {
    const broken = links.filter((link) => {
      const { path, anchor } = resolve(link);
      const text = PAGES.get(path);
      if (text === undefined) return anchor !== undefined || !existsSync(join(ROOT, path));
      return anchor !== undefined && !anchorsOf(text).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("are all reachable from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached)
      for (const link of links.filter((link) => link.page === page)) {
        const { path } = resolve(link);
        if (PAGES.has(path)) reached.add(path);
      }
    expect([...PAGES.keys()].filter((page) => !reached.has(page))).toEqual([]);
  });

  test("exist for each folder of a Worker, and for each folder at the top level", () => {
    const folders = [
      "schema",
      "workflows",
      "infra",
      "test",
      ...globSync("workers/*/worker.ts", { cwd: ROOT }).map(dirname),
    ];
    const pages = [...PAGES.keys()];
    expect(folders.length).toBeGreaterThan(8);
    expect(folders.filter((folder) => !pages.includes(`${folder}/README.md`))).toEqual([]);
  });

  test("have at most 200 lines, and the README 150, except the page of the views", () => {
    const lines = (text: string) => text.split("\n").length;
    const long = [...PAGES].filter(
      ([page, text]) => lines(text) > (page === "README.md" ? MAX_README_LINES : MAX_LINES),
    );
    // It is looked up and not read, so its length depends on the number of views.
    expect(long.map(([page]) => page).filter((page) => page !== "schema/views.md")).toEqual([]);
  });

  test("begin in the README with a producer, a route and a consumer in at most 25 lines of code", () => {
    const [, project = ""] = /A \*\*producer\*\*(.*?)\n## /s.exec(PAGES.get("README.md") ?? "") ?? [];
    const blocks = [...project.matchAll(/```(?:ts|jsonc?)\n(.*?)```/gs)].map(([, code = ""]) => code);
    expect(blocks).toHaveLength(4);
    expect(blocks.join("").split("\n").length - 1).toBeLessThanOrEqual(25);
  });

  test("begin with their title, and have only one", () => {
    const faulty = [...PAGES].filter(([, text]) => {
      const titles = text.replaceAll(/```.*?```/gs, "").match(/^# .+$/gm) ?? [];
      return titles.length !== 1 || !text.startsWith("# ");
    });
    expect(faulty.map(([page]) => page)).toEqual([]);
  });

  test("have drawings and code in fences, and each paragraph of a list on a line of its own", () => {
    expect([...PAGES].flatMap(garbledIn)).toEqual([]);
    const [page = ["", ""]] = [...PAGES].filter(([path]) => path === "ARCHITECTURE.md");
    const reflowed = page[1].replaceAll(/^```text\n|^```\n/gm, "").replace(/\n\n +\*\*pull\*\*/, " **pull**");
    expect(new Set(garbledIn([page[0], reflowed]).map(({ what }) => what))).toEqual(new Set(["drawing", "paragraph"]));
  });

  test.each([...PAGES])("contain valid JSON in %s", (_, text) => {
    for (const [, json = ""] of text.matchAll(/```json\n(.*?)```/gs)) expect(() => JSON.parse(json)).not.toThrow();
  });

  test.each([...PAGES])("contain valid JSON with comments, or members of an object or a list, in %s", (_, text) => {
    const isSound = (json: string) => {
      const errors: ParseError[] = [];
      parse(json, errors);
      return errors.length === 0;
    };
    const pieces = [...text.matchAll(/```jsonc\n(.*?)```/gs)]
      .flatMap(([, block = ""]) => block.split(/^\/\/ .*$/m))
      .filter((piece) => piece.trim() !== "");
    expect(pieces.filter((piece) => ![piece, `{${piece}}`, `[${piece}]`].some(isSound))).toEqual([]);
  });

  test("name each table where they say what is stored", () => {
    const [, stored = ""] = /## What is stored where\n(.*?)\n## /s.exec(PAGES.get("workflows/concepts.md") ?? "") ?? [];
    const tables = Object.values(schema).flatMap((one) => (is(one, PgTable) ? [getTableName(one)] : []));
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter((name) => !stored.includes(`\`${name}\``))).toEqual([]);
  });

  test("have each word once in the glossary, in alphabetical order", () => {
    const firsts = (page: string, row: RegExp) => [...(PAGES.get(page) ?? "").matchAll(row)].map(([, first]) => first);
    const words = firsts("schema/glossary.md", /^\| (\w.*?) \|/gm).slice(1);
    expect(words).toEqual([...new Set(words)].sort((one = "", other = "") => one.localeCompare(other, "en")));
    expect(words.length).toBeGreaterThan(50);
  });
});
