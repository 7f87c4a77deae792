import { afterEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_GRACE_SECONDS } from "../../schema/vocabulary/defaults.ts";
import { GRACE_RULE, isGrace } from "../../schema/vocabulary/is-grace.ts";
import { MAX_GRACE_SECONDS } from "../../schema/vocabulary/limits.ts";
import { graceSecondsOf } from "../../workflows/read-grace.ts";

const graceOf = (text: string | undefined) =>
  graceSecondsOf(text === undefined ? {} : { RECONCILE_GRACE_SECONDS: text });

afterEach(() => vi.restoreAllMocks());

describe("RECONCILE_GRACE_SECONDS", () => {
  test.each<[string | undefined, number]>([
    [undefined, DEFAULT_GRACE_SECONDS],
    ["", DEFAULT_GRACE_SECONDS],
    [" ", DEFAULT_GRACE_SECONDS],
    ["0", 0],
    ["1.5", 1.5],
    [" 30 ", 30],
    [String(MAX_GRACE_SECONDS), MAX_GRACE_SECONDS],
  ])("of %j means %d seconds, and logs nothing", (text, seconds) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    expect(graceOf(text)).toBe(seconds);
    expect(logged).not.toHaveBeenCalled();
  });

  test.each(["a minute", "-1", "NaN", "Infinity", "1e300", String(MAX_GRACE_SECONDS + 1), "60s", "null"])(
    "of %j logs one error, and the default applies",
    (text) => {
      const logged = vi.spyOn(console, "error").mockReturnValue();
      expect([graceOf(text), graceOf(text)]).toEqual([DEFAULT_GRACE_SECONDS, DEFAULT_GRACE_SECONDS]);
      expect(logged.mock.calls).toEqual([
        [
          JSON.stringify({
            event: "variable.refused",
            variable: "RECONCILE_GRACE_SECONDS",
            error: `must be a number of seconds from 0 to 86400, got ${JSON.stringify(text)}`,
            used: 60,
          }),
        ],
      ]);
    },
  );
});

test("a grace is a number of seconds between 0 and one day", () => {
  expect(GRACE_RULE).toBe("must be a number of seconds from 0 to 86400");
  expect([0, 60, 86_400].map(isGrace)).toEqual([true, true, true]);
  expect([-1, 86_401, "60", undefined, Number.NaN].map(isGrace)).toEqual([false, false, false, false, false]);
});
