import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type ParseError, parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { DISPATCH_STATUSES } from "../../schema/vocabulary/statuses.ts";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** What a page may have: one question is answered on one page. */
const MAX_LINES = 200;
const MAX_README_LINES = 150;

interface Link {
  page: string;
  target: string;
}

/** The links of a page to places of this repository. */
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

const links = [...PAGES].flatMap(linksOf);

describe("the pages", () => {
  test("link to what is there", () => {
    const broken = links.filter((link) => {
      const { path, anchor } = resolve(link);
      const text = PAGES.get(path);
      if (text === undefined) return anchor !== undefined || !existsSync(join(ROOT, path));
      return anchor !== undefined && !anchorsOf(text).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("are all found from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached)
      for (const link of links.filter((link) => link.page === page)) {
        const { path } = resolve(link);
        if (PAGES.has(path)) reached.add(path);
      }
    expect([...PAGES.keys()].filter((page) => !reached.has(page))).toEqual([]);
  });

  test("are short, and the README shorter", () => {
    const lines = (text: string) => text.split("\n").length;
    const long = [...PAGES].filter(
      ([page, text]) => lines(text) > (page === "README.md" ? MAX_README_LINES : MAX_LINES),
    );
    expect(long.map(([page]) => page)).toEqual([]);
  });

  test("begin with their title, and have no other", () => {
    const faulty = [...PAGES].filter(([, text]) => {
      const titles = text.replaceAll(/```.*?```/gs, "").match(/^# .+$/gm) ?? [];
      return titles.length !== 1 || !text.startsWith("# ");
    });
    expect(faulty.map(([page]) => page)).toEqual([]);
  });

  test.each([...PAGES])("%s: every block of JSON is JSON", (_, text) => {
    for (const [, json = ""] of text.matchAll(/```json\n(.*?)```/gs)) expect(() => JSON.parse(json)).not.toThrow();
  });

  test.each([...PAGES])(
    "%s: every block of JSON with comments is whole, or members of an object or a list",
    (_, text) => {
      const isSound = (json: string) => {
        const errors: ParseError[] = [];
        parse(json, errors);
        return errors.length === 0;
      };
      const pieces = [...text.matchAll(/```jsonc\n(.*?)```/gs)]
        .flatMap(([, block = ""]) => block.split(/^\/\/ .*$/m))
        .filter((piece) => piece.trim() !== "");
      expect(pieces.filter((piece) => ![piece, `{${piece}}`, `[${piece}]`].some(isSound))).toEqual([]);
    },
  );

  test("have one line for each status, and one for each word", () => {
    const firsts = (page: string, row: RegExp) => [...(PAGES.get(page) ?? "").matchAll(row)].map(([, first]) => first);
    expect(firsts("workflows/concepts.md", /^\| `(\w+)` \|/gm)).toEqual(DISPATCH_STATUSES);
    const words = firsts("schema/glossary.md", /^\| (\w.*?) \|/gm).slice(1);
    expect(words).toEqual([...new Set(words)].sort((one = "", other = "") => one.localeCompare(other, "en")));
    expect(words.length).toBeGreaterThan(50);
  });
});
