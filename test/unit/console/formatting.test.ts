import { describe, expect, test } from "vitest";
import { bytes, count, dispatches, many, oneLine, percent, shortId } from "../../../workers/console/format/amounts.ts";
import { duration, exact, relative } from "../../../workers/console/format/time.ts";
import { parseJson } from "../../../workers/console/forms/parse-json.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

describe("times", () => {
  test.each([
    [0, "now"],
    [2 * SECOND - 1, "now"],
    [2 * SECOND, "2 s ago"],
    [90 * SECOND - 1, "89 s ago"],
    [90 * SECOND, "1 min ago"],
    [90 * MINUTE - 1, "89 min ago"],
    [90 * MINUTE, "1 h ago"],
    [36 * HOUR - 1, "35 h ago"],
    [36 * HOUR, "1 d ago"],
    [40 * DAY, "40 d ago"],
    [-2 * SECOND, "in 2 s"],
    [-3 * HOUR, "in 3 h"],
  ])("a moment %i ms ago is shown as %s", (ms, text) => {
    expect(relative(new Date(NOW.getTime() - ms), NOW)).toBe(text);
  });

  test("are shown to the millisecond, in UTC", () => {
    expect(exact(new Date("2026-11-24T13:04:05.006+01:00"))).toBe("2026-11-24 12:04:05.006 UTC");
  });

  test.each([
    [0, "0 ms"],
    [340.4, "340 ms"],
    [SECOND, "1.0 s"],
    [4_260, "4.2 s"],
    [10 * SECOND - 1, "9.9 s"],
    [10 * SECOND, "10 s"],
    [2 * MINUTE - 1, "119 s"],
    [2 * MINUTE, "2 min"],
    [2 * HOUR, "2 h"],
    [2 * DAY, "2 d"],
    [-340, "-340 ms"],
  ])("a duration of %d ms is shown as %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

test("numbers have separators, and a rate is 100 % only if nothing failed", () => {
  expect([count(1_204), many(1, "retry", "retries"), many(2, "retry", "retries"), dispatches(1_204)]).toEqual([
    "1,204",
    "1 retry",
    "2 retries",
    "1,204 dispatches",
  ]);
  expect([null, 0, 0.5, 0.99, 0.99999, 1].map(percent)).toEqual([
    "–",
    "0.0 %",
    "50.0 %",
    "99.00 %",
    "99.99 %",
    "100 %",
  ]);
  expect([999, 1_000, 10_440, 1_200_000].map(bytes)).toEqual(["999 B", "1.0 kB", "10.4 kB", "1.2 MB"]);
});

test("texts are shortened to one line of limited length", () => {
  expect(oneLine(" a\n\n b\tc ", 5)).toBe("a b c");
  expect(oneLine("abcdef", 5)).toBe("abcd…");
  expect(shortId("0199aaaa-0000-7000-8000-0000deadbeef")).toBe("deadbeef");
});

describe("JSON that was typed", () => {
  test("is parsed, whatever it contains", () => {
    expect([parseJson(" 17 "), parseJson('{"a":null}')]).toEqual([{ value: 17 }, { value: { a: null } }]);
  });

  test.each([
    ["", "There is nothing in it yet: paste a JSON object.", undefined],
    ['{\n  "a": 1,\n  b\n}', "Not JSON, line 3, column 3: Expected double-quoted property name.", 3],
    ['{\n"a": 1\n ', "Not JSON, line 3, column 2: Expected ',' or '}' after property value.", 3],
    ["[", "Not JSON, line 1, column 2: Unexpected end of JSON input.", 1],
    // For these the engine does not tell the place.
    ["[1,\n]", "Not JSON, line 2, column 1: Unexpected token ']'.", 2],
    ["x".repeat(100), "Not JSON, line 1, column 1: Unexpected token 'x'.", 1],
    [`{\n"a": "${"y".repeat(1_000_000)}",\n"b": undefined }`, "Not JSON, line 3, column 6: Unexpected token 'u'.", 3],
  ])("is refused with the place of its fault: case %#", (text, fault, line) => {
    expect(parseJson(text)).toEqual({ fault, line });
  });
});
