import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoAnswer, withTimeout } from "../../workflows/timeout.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an answer in time is the answer, and leaves no timer behind", async () => {
  await expect(withTimeout(1_000, async () => "here")).resolves.toBe("here");
  expect(vi.getTimerCount()).toBe(0);
});

test("what the work throws is thrown, and leaves no timer behind", async () => {
  await expect(withTimeout(1_000, async () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(vi.getTimerCount()).toBe(0);
});

test("no answer in time is thrown as such, and the work's own word on its abort comes too late", async () => {
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
