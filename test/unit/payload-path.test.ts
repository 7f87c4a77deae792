import { expect, test } from "vitest";
import { MAX_FILTER_PATH, toPostgresPath, toPostgresPlace } from "../../schema/payload/postgres-path.ts";

test.each([
  ["$", "@"],
  ["$.a.b", '@."a"."b"'],
  ["$.a[0].b-c", '@."a"[0]."b-c"'],
  ["$['a b'][\"c\"]", '@."a b"."c"'],
  ["$['it\\'s']", `@."it's"`],
  [`$['a"b\\\\c']`, '@."a\\"b\\\\c"'],
  ["$.a[*].b", '@."a".**{1}."b"'],
  ["$.*", "@.**{1}"],
])("%s is translated to a Postgres JSON path", (path, steps) => {
  expect(toPostgresPath(path)).toBe(`strict $ ? (exists(${steps} ? (@ == $v)))`);
});

test.each([
  ["$.a.b", '$."a"."b"'],
  ["$['a'][0]", '$."a"[0]'],
  ["$.a[*]", undefined],
  ["$.*", undefined],
  ["$", undefined],
  ["a", undefined],
])("%s is a path to a single place, or cannot have an index", (path, place) => {
  expect(toPostgresPlace(path)).toBe(place && `strict ${place}`);
});

test("a translated path grows by a constant for each wildcard, up to the longest one", () => {
  const length = (wildcards: number) => toPostgresPath(`$${".*".repeat(wildcards)}`)?.length ?? 0;
  expect(length(200) - length(100)).toBe(length(100) - length(0));
  const longest = `$${".a".repeat(MAX_FILTER_PATH)}`.slice(0, MAX_FILTER_PATH - 1);
  expect([toPostgresPath(`${longest}x`), toPostgresPath(`${longest}xx`)]).toEqual([expect.any(String), undefined]);
});

test.each([
  "",
  "a",
  "$a",
  "$.",
  "$..a",
  "$.a[",
  "$.a[-1]",
  "$.a[?@.b]",
  "$[a]",
  "$['a]",
  "$.a)",
  "$['a\0']",
  "$['\ud800']",
])("%s is refused", (path) => {
  expect(toPostgresPath(path)).toBeUndefined();
});
