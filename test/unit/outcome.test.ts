import { afterEach, describe, expect, test, vi } from "vitest";
import { errorText } from "../../schema/text/error-text.ts";
import { MAX_REASON_LENGTH } from "../../schema/vocabulary/limits.ts";
import { misconfigured, readOutcome, settle } from "../../workflows/outcome.ts";

const dispatch = { attempt: 1, maxRetries: 2, retryDelay: { type: "constant", interval: 7 } } as const;

afterEach(() => vi.restoreAllMocks());

describe("what a handler returns", () => {
  test.each<[unknown, object]>([
    ["complete", { result: "complete", reason: null, retry: "terminal-by-consumer" }],
    [
      { result: "ignored", reason: "old" },
      { result: "ignored", reason: "old", retry: "terminal-by-consumer" },
    ],
    ["failed", { result: "failed", reason: null, retry: "retryable" }],
    [
      { result: "failed", retryAfterSeconds: 0 },
      { result: "failed", reason: null, retry: "retryable", retryAfterSeconds: 0 },
    ],
    [
      { result: "failed", retryAfterSeconds: 1e12 },
      {
        result: "failed",
        reason: "retryAfterSeconds is 1000000000000, but 31536000 (365 days) is the longest wait: that applies",
        retry: "retryable",
        retryAfterSeconds: 31_536_000,
      },
    ],
    [
      { result: "failed", retryAfterSeconds: 31_536_000 },
      { result: "failed", reason: null, retry: "retryable", retryAfterSeconds: 31_536_000 },
    ],
    [
      { result: "failed", retryAfterSeconds: null },
      { result: "failed", reason: null, retry: "retryable" },
    ],
    [
      { result: "failed", retry: false },
      { result: "failed", reason: null, retry: "terminal-by-consumer" },
    ],
    [
      { result: "complete", reason: { deep: 1 } },
      { result: "complete", reason: '{"deep":1}', retry: "terminal-by-consumer" },
    ],
    [
      { result: "ignored", reason: 404 },
      { result: "ignored", reason: "404", retry: "terminal-by-consumer" },
    ],
    [
      { result: "complete", retryAfterSeconds: Number.NaN },
      { result: "complete", reason: null, retry: "terminal-by-consumer" },
    ],
    [
      { result: "failed", reason: "a\0b\ud800" },
      { result: "failed", reason: "a�b�", retry: "retryable" },
    ],
    [
      { result: "failed", reason: "x".repeat(MAX_REASON_LENGTH + 1) },
      { result: "failed", reason: "x".repeat(1_000), retry: "retryable" },
    ],
  ])("%j", (returned, outcome) => {
    expect(readOutcome(returned)).toEqual(outcome);
  });

  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [true, "a boolean"],
    [[], "an array"],
    [{}, "an object without a known result"],
    [{ result: "misconfigured" }, 'an object with result "misconfigured"'],
    ["x".repeat(40), `"${"x".repeat(40)}"`],
    ["x".repeat(41), "a string of 41 characters"],
  ])("%j is a failure whose reason says what was returned", (returned, what) => {
    expect(readOutcome(returned)).toEqual({
      result: "failed",
      reason: `handle returned ${what} instead of "complete", "ignored" or "failed"`,
      retry: "retryable",
    });
  });
});

describe("an invalid wait is reported in the reason, and the route's delay applies:", () => {
  const rule = "retryAfterSeconds must be a number from 0 to 31536000, got";
  test.each<[unknown, string]>([
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [Number.NaN, "NaN"],
    [-1, "-1"],
    ["soon", '"soon"'],
    ["120", '"120"'],
    [10n, "a bigint"],
    [true, "a boolean"],
    [{}, "an object without a known result"],
  ])("%s", (retryAfterSeconds, got) => {
    const note = `${rule} ${got}: the route's delay applies`;
    const alone = readOutcome({ result: "failed", retryAfterSeconds });
    expect(alone).toEqual({ result: "failed", reason: note, retry: "retryable" });
    expect(settle(alone, dispatch)).toMatchObject({ status: "ongoing", delaySeconds: 7 });
    const { reason } = readOutcome({ result: "failed", reason: "busy", retryAfterSeconds });
    expect(reason).toBe(`busy (${note})`);
    const long = readOutcome({ result: "failed", reason: "x".repeat(2_000), retryAfterSeconds }).reason;
    expect(long).toHaveLength(MAX_REASON_LENGTH);
    expect(long).toMatch(/x \(retryAfterSeconds must be .* applies\)$/);
  });
});

describe("a thrown value is described readably:", () => {
  const circle: Record<string, unknown> = { code: 1 };
  circle.self = circle;
  class Own {
    toString() {
      return "own text";
    }
  }
  const hostile = {
    get name(): string {
      throw new Error("no");
    },
  };
  test.each<[string, unknown, string]>([
    ["an error", new TypeError("no"), "TypeError: no"],
    ["text", "busy", "busy"],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a plain object", { code: 42, detail: { why: "busy" } }, '{"code":42,"detail":{"why":"busy"}}'],
    ["an object without a prototype", Object.assign(Object.create(null), { code: 42 }), '{"code":42}'],
    ["an array", [{ code: 42 }], '[{"code":42}]'],
    ["what is left of an error", { name: "HTTPError", message: "503" }, "HTTPError: 503"],
    ["an object with a bigint", { id: 12n }, '{"id":"12"}'],
    ["a circle", circle, "an object with code, self"],
    [
      "an object of any size",
      Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`m${n}`, n])),
      "an object with m0, m1, m2",
    ],
    ["an array of any size", Array(1_000_000).fill(0), "an array of 1000000 values"],
    ["an object of a class", new Own(), "own text"],
    ["what throws when it is read", hostile, "something was thrown that cannot be read (object)"],
  ])("%s", (_, thrown, text) => {
    const told = errorText(thrown);
    expect(told.startsWith(text), told).toBe(true);
    expect(told.length).toBeLessThanOrEqual(300);
  });
});

describe("what follows from an outcome:", () => {
  test("a failure leaves the dispatch ongoing for the route's wait while retries are left, and then final", () => {
    const failure = readOutcome("failed");
    expect(settle(failure, dispatch)).toMatchObject({ status: "ongoing", delaySeconds: 7, decisive: false });
    expect(settle(failure, { ...dispatch, attempt: 2 })).toMatchObject({ status: "ongoing" });
    expect(settle(failure, { ...dispatch, attempt: 3 })).toMatchObject({
      status: "failed",
      delaySeconds: 0,
      decisive: false,
    });
    expect(settle(failure, { ...dispatch, maxRetries: 0 })).toMatchObject({ status: "failed" });
  });

  test.each([
    [0, 7],
    [6.9, 7],
    [7, 7],
    [7.5, 7.5],
    [31_536_000, 31_536_000],
  ])("a consumer's wait of %d s on a route with 7 s becomes %d s, the longer of the two", (asked, delaySeconds) => {
    const failure = readOutcome({ result: "failed", retryAfterSeconds: asked });
    expect(settle(failure, dispatch)).toMatchObject({ status: "ongoing", delaySeconds });
  });

  test("a consumer's wait is never shorter than the exponential delay with its jitter", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const exponential = { ...dispatch, attempt: 2, retryDelay: { type: "exponential", base: 8, max: 60 } } as const;
    const delay = (asked: number) =>
      settle(readOutcome({ result: "failed", retryAfterSeconds: asked }), exponential).delaySeconds;
    expect([delay(0), delay(8), delay(9)]).toEqual([8, 8, 9]);
  });

  test("a missing binding is final at once, and does not count as the consumer's answer", () => {
    expect(settle(misconfigured("gone"), dispatch)).toMatchObject({ status: "misconfigured", decisive: false });
  });
});
