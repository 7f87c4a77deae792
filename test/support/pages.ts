import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { findFiles } from "./find-files.ts";
import { ROOT } from "./wrangler-config.ts";

/** The pages, by their path from the root: every Markdown file but the changelog. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  findFiles(ROOT, (path) => path.endsWith(".md"), ["package"])
    .map((path) => relative(ROOT, path))
    .filter((path) => path !== "CHANGELOG.md")
    .sort()
    .map((path) => [path, readFileSync(join(ROOT, path), "utf8")]),
);

/** The text of all pages. */
export const DOCUMENTS = [...PAGES.values()].join("\n\n");

/** A text with all white space as single spaces, so that a sentence is found however its lines are broken. */
export const flat = (text: string): string => text.replace(/\s+/g, " ");

/** All pages, {@link flat}. */
export const PROSE = flat(DOCUMENTS);

/** Whether some page has this sentence. */
export const tells = (sentence: string): boolean => PROSE.includes(flat(sentence));
