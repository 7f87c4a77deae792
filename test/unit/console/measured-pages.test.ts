import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pagesAfter, pagesOf } from "../../bench/console/pages.ts";

/** The paths that a page's source says it answers. */
const GET = /app\.get\(\s*["`](\/[^"`]*)["`]/g;

test("npm run bench:console measures every page that the console has", () => {
  const id = "0193a5c0-0000-7000-8000-000000000017";
  const pages = [
    ...pagesOf({ id, event: id, other: "o", key: "k", order: "17", customer: "c-1", note: "n" }),
    ...pagesAfter("0193a5c0-0000-7000-8000-000000000018"),
  ];
  const measured = pages.map(({ path }) => path.split("?")[0] ?? "");
  const routes = globSync("workers/console/pages/**/*.{ts,tsx}").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(GET)].map(([, path = ""]) => path),
  );
  expect(routes.length).toBeGreaterThan(20);
  const isMeasured = (route: string) => {
    const pattern = new RegExp(`^${route.replaceAll(/\$\{[^}]*\}|:\w+/g, "[^/]+")}$`);
    return measured.some((path) => pattern.test(path));
  };
  expect(routes.filter((route) => !isMeasured(route))).toEqual([]);
});
