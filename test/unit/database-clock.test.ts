import { afterEach, expect, test, vi } from "vitest";
import { databaseClock } from "../../workflows/database-clock.ts";

afterEach(() => vi.useRealTimers());

test("the database's clock goes on from what the database said, whatever the executor's own clock says", () => {
  vi.useFakeTimers({ now: 0, toFake: ["performance", "Date"] });
  const said = Date.UTC(2026, 10, 24, 8);
  vi.advanceTimersByTime(5_000);
  const clock = databaseClock(said);
  expect(clock()).toEqual(new Date(said));
  vi.advanceTimersByTime(1_250);
  vi.setSystemTime(new Date("2020-01-01"));
  expect(clock()).toEqual(new Date(said + 1_250));
});
