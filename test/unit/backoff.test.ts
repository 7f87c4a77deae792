import { describe, expect, test, vi } from "vitest";
import { engineDelay, RetryLater, retryDelaySeconds } from "../../workflows/backoff.ts";

describe("the wait before a retry", () => {
  test.each([
    [{ type: "constant", interval: 5 }, 1, 0.5, 5],
    [{ type: "constant", interval: 0 }, 9, 0.5, 0],
    [{ type: "exponential", base: 2, max: 600 }, 1, 1, 2],
    [{ type: "exponential", base: 2, max: 600 }, 2, 1, 4],
    [{ type: "exponential", base: 2, max: 600 }, 5, 0.5, 16],
    [{ type: "exponential", base: 2, max: 600 }, 10, 1, 600],
    [{ type: "exponential", base: 2, max: 600 }, 1_000, 0.5, 300],
    [{ type: "exponential", base: 0, max: 600 }, 1_000, 1, 0],
    [{ type: "exponential", base: 2, max: 600 }, 3, 0, 0],
  ] as const)("%j, after attempt %i, jitter %f: %f s", (policy, attempt, random, seconds) => {
    expect(retryDelaySeconds(policy, attempt, () => random)).toBe(seconds);
  });
});

describe("the engine's delay", () => {
  const ask = (message: unknown, attempt = 1) =>
    engineDelay(60)({ ctx: { attempt }, error: { message: message as string } });

  test("is what the message asks for, and never 0, which would kill the instance", () => {
    expect(ask(new RetryLater(4_200, "[]").message)).toBe(4_200);
    expect(ask(new RetryLater(0, "").message)).toBe(10);
    expect(ask(new RetryLater(-5, "").message)).toBe(10);
    expect(ask(new RetryLater(Number.NaN, "").message)).toBe(10);
    expect(ask(new RetryLater(1e18, "").message)).toBe(31_536_000_000);
  });

  test("grows with the engine's attempts, up to the grace of reconciling, if the message has no number", () => {
    const jitter = vi.spyOn(Math, "random");
    const waits = (random: number) => {
      jitter.mockReturnValue(random);
      return [1, 4, 7, 100].map((attempt) => ask("database: no answer in time", attempt));
    };
    expect(waits(0)).toEqual([500, 4_000, 30_000, 30_000]);
    expect(waits(1)).toEqual([1_000, 8_000, 60_000, 60_000]);
    jitter.mockRestore();
  });

  test.each([undefined, null, "", "retry in ms", "retry in -4 ms", "retry in 99999999999999999999 ms"])(
    "is computed without an error from the message %j",
    (message) => {
      expect(ask(message, Number.NaN)).toBeGreaterThanOrEqual(10);
    },
  );
});
