import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

test("llms.txt is an index of all pages, each by its title", () => {
  const index = readFileSync(join(ROOT, "llms.txt"), "utf8");
  const listed = [...index.matchAll(/^- \[(.*?)\]\((.*?)\): \S.*$/gm)].map(([, title = "", page = ""]) => [
    page,
    title,
  ]);
  expect(listed).toHaveLength(index.match(/^- /gm)?.length ?? 0);
  const titles = [...PAGES].map(([page, text]) => [page, text.slice(2, text.indexOf("\n"))]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries([...titles, ["CHANGELOG.md", "Changelog"]]));
  expect(new Set(listed.map(([page]) => page)).size).toBe(listed.length);
});
