import { describe, expect, test } from "vitest";
import { MAX_PAYLOAD_DEPTH, MAX_TRANSFORM_TEXT_LENGTH, MAX_TRANSFORM_WEIGHT } from "../../schema/vocabulary/limits.ts";
import { functionsOf } from "../../workflows/transform/functions.ts";
import { Meter } from "../../workflows/transform/meter.ts";
import { patternsOf } from "../../workflows/transform/pattern.ts";

/** What each function of an expression pays, in steps: one for the call, one for 128 characters and one for 16 members. */

const AT = new Date("2026-11-24T08:30:00.250Z");

class Counted extends Meter {
  steps = 0;
  override spend(steps: number): void {
    this.steps += steps;
    super.spend(steps);
  }
}

/** The steps that one call takes, with its result. */
async function paid(name: string, ...args: unknown[]): Promise<{ steps: number; result: unknown }> {
  const meter = new Counted();
  const result = await functionsOf(meter, AT)[name]?.implementation.apply({ createSequence: () => [] }, args);
  return { steps: meter.steps, result };
}

const a = (length: number) => "a".repeat(length);
const numbers = (length: number) => Array.from({ length }, (_, n) => n);
/** As the library gives a pattern to a function: each match with the way to the next. */
const each = (...found: { match: string; start: number }[]) => {
  const next = (index: number) => () => {
    const match = found[index];
    return match && { ...match, end: match.start + match.match.length, groups: [], next: next(index + 1) };
  };
  return next(0);
};

/** The weight of a list is 8, and 8 for each value in it, and its characters. */
const READ_16 = 1 + (8 + 16 * 8) / 128;

describe("a call pays", () => {
  test.each<[string, string, unknown[], number]>([
    ["for the characters that it gets and makes", "uppercase", [a(1_280)], 1 + 10 + 10],
    ["for the members that it gets", "count", [numbers(160)], 1 + 10],
    ["for the members that it makes, and that are in them", "reverse", [numbers(16)], 1 + 1 + 1 + 1],
    ["for all of a value that it reads", "sum", [numbers(16)], 1 + READ_16],
    ["for code points, eight times as much", "length", [a(128)], 1 + 1 + 8],
    ["for the start of a text, eight times as much, too", "substring", [a(128), 0, 64], 1 + 1 + 8 + 64 / 128],
    ["in advance for a filling", "pad", ["", 1_280, "ab"], 1 + 2 / 128 + 2 * 10 + 10],
    ["the same for a filling on the left", "pad", ["", -1_280, "ab"], 1 + 2 / 128 + 2 * 10 + 10],
    ["as for one character without a filling", "pad", ["", 1_280], 1 + 10 + 10],
    [
      "for separators, and for the texts between them",
      "join",
      [[a(128), a(128)], "bb"],
      1 + 2 / 16 + (8 + 2 * 136) / 128 + 10 / 128 + (2 * 2) / 128 + 2 + 258 / 128,
    ],
    [
      "for a value as text",
      "string",
      [numbers(16)],
      1 + READ_16 + "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]".length / 128,
    ],
    [
      "for its lines and their spaces if it is to be pretty",
      "string",
      [[[1]], true],
      1 + 2 / 16 + 24 / 128 + 8 / 128 + (24 + (24 / 8) * 2 * 2) / 128 + "[\n  [\n    1\n  ]\n]".length / 128,
    ],
    ["for the pattern at each character", "contains", [a(65_536), "b".repeat(128)], 1 + 512 + 1 + 128],
    ["for it before a text", "substringBefore", [a(65_536), "b".repeat(128)], 1 + 512 + 1 + 128 + 512],
    ["for it after a text", "substringAfter", [a(65_536), "b".repeat(128)], 1 + 512 + 1 + 128 + 512],
    [
      "for the parts of a text",
      "split",
      [`${a(63)},${a(64)}`, ","],
      1 + 1 + 1 / 128 + (128 * 1) / 65_536 + 2 / 16 + 2 / 16,
    ],
    [
      "for the text before each match that splits it",
      "split",
      [a(640), each({ match: "aa", start: 128 }, { match: "a", start: 386 })],
      1 + 5 + 128 / 128 + (386 - 130) / 128 + 3 / 16 + 3 / 16,
    ],
    [
      "for a text with all its replacements",
      "replace",
      [`${a(64)}bb${a(62)}`, "b", a(64)],
      1 + 1 + 1 / 128 + 64 / 128 + (128 * 1) / 65_536 + (128 + 2 * 64) / 128 + (126 + 128) / 128,
    ],
    [
      "for each match that is replaced, as often as the replacement may repeat it",
      "replace",
      [a(640), each({ match: a(128), start: 128 }, { match: a(64), start: 320 }), "$0$0"],
      1 + 5 + 4 / 128 + (128 + 4 + 2 * 128) / 128 + (64 + 4 + 2 * 64) / 128 + (640 + 128 + 64) / 128,
    ],
    [
      "for a match without text that is replaced by what a function makes",
      "replace",
      [a(128), each({ match: "", start: 0 }), () => "b"],
      1 + 1 + 129 / 128,
    ],
    ["for each member beside each other", "distinct", [numbers(16)], 1 + READ_16 + (16 * (8 + 16 * 8)) / 1_024 + 1 + 1],
    [
      "for sorting",
      "sort",
      [numbers(15)],
      1 + 15 / 16 + 128 / 128 + 15 ** 2 / 4_096 + (128 * 4) / 128 + 15 / 16 + 15 / 16,
    ],
    [
      "for taking objects apart",
      "spread",
      [[{ a: 1 }, { a: 2 }]],
      1 + 4 / 16 + (8 + 2 * 17) / 128 + 4 / 4_096 + 4 / 16 + 2 / 16,
    ],
    ["nothing more for what is no text", "contains", [undefined, "a"], 1 + 1 / 128],
  ])("%s: $%s", async (_what, name, args, steps) => {
    expect((await paid(name, ...args)).steps).toBe(steps);
  });

  test("for what it would make, so that it makes nothing too large", async () => {
    const half = a(MAX_TRANSFORM_TEXT_LENGTH / 2);
    const tooLong = "makes a text of more than 1048576 characters";
    await expect(paid("replace", half, "a", "bb")).rejects.toThrow(tooLong);
    await expect(paid("replace", half, each({ match: "a", start: 0 }), `${half}b`)).rejects.toThrow(tooLong);
    expect((await paid("replace", half, each({ match: "a", start: 0 }), half)).result).toHaveLength(
      2 * half.length - 1,
    );
  });
});

test("a function is not taken apart, wherever in a list it is", async () => {
  const { sum } = functionsOf(new Meter(), AT);
  for (const name of ["merge", "spread"])
    for (const list of [sum, [sum], [{}, [[sum]]]])
      await expect(paid(name, list)).rejects.toThrow("takes a function apart");
  expect((await paid("merge", [{ a: 1 }, { b: 2 }])).result).toEqual({ a: 1, b: 2 });
});

test("a search by a pattern pays for its instructions on each character that is left", () => {
  const meter = new Counted();
  const Pattern = patternsOf(meter);
  const pattern = new Pattern(/b/);
  const text = `${a(127)}b${a(128)}`;
  expect(pattern.exec(text)?.index).toBe(127);
  const first = meter.steps - 1;
  expect(pattern.exec(text)).toBeNull();
  // What is left is half of the text. Then it begins again.
  expect(meter.steps - 2).toBe(first * 1.5);
  expect(pattern.lastIndex).toBe(0);
  // Two characters of other work for each of the program's instructions.
  expect(first % 4).toBe(0);
  expect(first).toBeGreaterThan(0);
});

test("a pattern finds the empty end of a text, and nothing beyond it", () => {
  const pattern = new (patternsOf(new Meter()))(/$/);
  pattern.lastIndex = 2;
  expect(pattern.exec("ab")?.index).toBe(2);
  pattern.lastIndex = 3;
  expect(pattern.exec("ab")).toBeNull();
});

describe("a value", () => {
  test("is measured once, until something was changed in place", () => {
    const meter = new Counted();
    const list = numbers(16);
    expect(meter.size(list)).toEqual({ weight: 8 + 16 * 8, depth: 1 });
    expect(meter.size({ a: list, text: a(10) })).toEqual({ weight: 8 + 1 + 136 + 4 + 18, depth: 2 });
    expect(meter.steps).toBe(1 + 2 / 16);
    list.push(16);
    expect(meter.size(list).weight).toBe(8 + 16 * 8);
    meter.forget();
    expect(meter.size(list).weight).toBe(8 + 17 * 8);
  });

  test("may have so much weight, and no more", () => {
    const ofWeight = (weight: number) => [a(weight - 2 * 8)];
    expect(new Meter().size(ofWeight(MAX_TRANSFORM_WEIGHT)).weight).toBe(MAX_TRANSFORM_WEIGHT);
    expect(() => new Meter().size(ofWeight(MAX_TRANSFORM_WEIGHT + 1))).toThrow(
      "makes a value that is too large, written out",
    );
  });

  test("may be so deep, and no deeper, also where it was measured before", () => {
    const nested = (depth: number): unknown => (depth === 1 ? [] : [nested(depth - 1)]);
    const meter = new Meter();
    const deep = nested(MAX_PAYLOAD_DEPTH - 1);
    expect(meter.size(deep).depth).toBe(MAX_PAYLOAD_DEPTH - 1);
    const deepest = [deep];
    expect(meter.size(deepest).depth).toBe(MAX_PAYLOAD_DEPTH);
    expect(() => meter.size([deepest])).toThrow("nested deeper than 500 levels");
    expect(() => new Meter().size([deepest])).toThrow("nested deeper than 500 levels");
  });

  test("may be read by nobody when the evaluation is over", () => {
    const meter = new Meter();
    meter.stop();
    expect(() => meter.spend(0)).toThrow("takes more than 100000 steps");
  });
});
