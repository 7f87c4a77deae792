import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoAnswer, withTimeout } from "../../workflows/with-timeout.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an answer in time is returned, and leaves no timer behind", async () => {
  await expect(withTimeout(1_000, async () => "here")).resolves.toBe("here");
  expect(vi.getTimerCount()).toBe(0);
});

test("an error of the work is rethrown, and leaves no timer behind", async () => {
  await expect(withTimeout(1_000, async () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(vi.getTimerCount()).toBe(0);
});

test("a missing answer throws a timeout, whatever the work throws when it is aborted", async () => {
  const answer = withTimeout(
    1_000,
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  const refused = expect(answer).rejects.toThrow(new NoAnswer());
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await refused;
});
