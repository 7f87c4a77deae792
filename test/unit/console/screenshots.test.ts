import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SHOWN, stylesOfNow } from "../../browser/support/pictures.ts";
import { ROOT } from "../../support/wrangler-config.ts";

/** After a change that fails here: `npm run demo -- --reset --events 329`, and beside it `npm run screenshots`. */

const lines = readFileSync(SHOWN, "utf8").trim().split("\n");
const of = (sort: string) =>
  lines.filter((line) => line.startsWith(`${sort}: `)).map((line) => line.slice(sort.length + 2));
const source = globSync("workers/console/**/*.{ts,tsx}", { cwd: ROOT })
  .map((path) => readFileSync(join(ROOT, path), "utf8"))
  .join("\n");

test("every word in the screenshots is still a word of the console", () => {
  const words = [...of("overview"), ...of("dispatch")];
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((word) => !source.includes(word))).toEqual([]);
});

test("the screenshots show every page of the menu", () => {
  const header = readFileSync(join(ROOT, "workers/console/components/Header.tsx"), "utf8");
  const menu = [...header.matchAll(/^ {2}\["\w+", "[^"]+", "([^"]+)"\],$/gm)].map(([, name]) => name);
  expect(menu.length).toBeGreaterThan(5);
  expect(of("menu")).toEqual(menu);
});

test("the screenshots have the console's colours and sizes", () => {
  expect(lines.filter((line) => line.startsWith("style: "))).toEqual(stylesOfNow());
});
