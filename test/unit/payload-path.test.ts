import { expect, test } from "vitest";
import { toPostgresPath } from "../../schema/payload-path.ts";

test.each([
  ["$", "strict $ ? (@ == $v)"],
  ["$.a.b", 'strict $ ? (@."a"."b" == $v)'],
  ["$.a[0].b-c", 'strict $ ? (@."a"[0]."b-c" == $v)'],
  ["$['a b'][\"c\"]", 'strict $ ? (@."a b"."c" == $v)'],
  ["$['it\\'s']", `strict $ ? (@."it's" == $v)`],
  [`$['a"b\\\\c']`, 'strict $ ? (@."a\\"b\\\\c" == $v)'],
  ["$.a[*].b", 'strict $ ? (exists(@."a"[*] ? (@."b" == $v)) || exists(@."a".* ? (@."b" == $v)))'],
  ["$.*", "strict $ ? (exists(@[*] ? (@ == $v)) || exists(@.* ? (@ == $v)))"],
])("%s becomes a path of Postgres' own", (path, expected) => {
  expect(toPostgresPath(path)).toBe(expected);
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
  `$.${"a".repeat(500)}`,
])("%s is refused", (path) => {
  expect(toPostgresPath(path)).toBeUndefined();
});
