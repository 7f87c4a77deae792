import { afterEach, describe, expect, test, vi } from "vitest";
import { MAX_REASON_LENGTH, misconfigured, readOutcome, settle } from "../../workflows/outcome.ts";

const dispatch = { attempt: 1, maxRetries: 2, retryDelay: { type: "constant", interval: 7 } } as const;

afterEach(() => vi.restoreAllMocks());

describe("what a handler returns", () => {
  test.each<[unknown, object]>([
    ["complete", { result: "complete", reason: null, retry: "decisive" }],
    [
      { result: "ignored", reason: "old" },
      { result: "ignored", reason: "old", retry: "decisive" },
    ],
    ["failed", { result: "failed", reason: null, retry: "if-left" }],
    [
      { result: "failed", retryAfterSeconds: 0 },
      { result: "failed", reason: null, retry: "if-left", retryAfterSeconds: 0 },
    ],
    [
      { result: "failed", retryAfterSeconds: 1e12 },
      { result: "failed", reason: null, retry: "if-left", retryAfterSeconds: 31_536_000 },
    ],
    [
      { result: "failed", retryAfterSeconds: -1 },
      { result: "failed", reason: null, retry: "if-left" },
    ],
    [
      { result: "failed", retryAfterSeconds: "soon" },
      { result: "failed", reason: null, retry: "if-left" },
    ],
    [
      { result: "failed", retry: false },
      { result: "failed", reason: null, retry: "decisive" },
    ],
    [
      { result: "complete", reason: { deep: 1 } },
      { result: "complete", reason: null, retry: "decisive" },
    ],
    [
      { result: "failed", reason: "a\0b\ud800" },
      { result: "failed", reason: "a�b�", retry: "if-left" },
    ],
    [
      { result: "failed", reason: "x".repeat(MAX_REASON_LENGTH + 1) },
      { result: "failed", reason: "x".repeat(1_000), retry: "if-left" },
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
    ["x".repeat(41), "a string of 41 characters"],
  ])("%j is a failure that says what came", (returned, what) => {
    expect(readOutcome(returned)).toEqual({
      result: "failed",
      reason: `handle returned ${what} instead of "complete", "ignored" or "failed"`,
      retry: "if-left",
    });
  });
});

describe("what follows from it", () => {
  test("a failure is ongoing with the route's wait while retries are left, and then final", () => {
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
  ])(
    "a consumer that asks for %d s where the route waits 7 s gets %d s: the longer of the two",
    (asked, delaySeconds) => {
      const failure = readOutcome({ result: "failed", retryAfterSeconds: asked });
      expect(settle(failure, dispatch)).toMatchObject({ status: "ongoing", delaySeconds });
    },
  );

  test("an exponential delay bounds a consumer's wait from below with what its jitter gives", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const exponential = { ...dispatch, attempt: 2, retryDelay: { type: "exponential", base: 8, max: 60 } } as const;
    const delay = (asked: number) =>
      settle(readOutcome({ result: "failed", retryAfterSeconds: asked }), exponential).delaySeconds;
    expect([delay(0), delay(8), delay(9)]).toEqual([8, 8, 9]);
  });

  test("a missing binding is final at once, and not the consumer's word", () => {
    expect(settle(misconfigured("gone"), dispatch)).toMatchObject({ status: "misconfigured", decisive: false });
  });
});
