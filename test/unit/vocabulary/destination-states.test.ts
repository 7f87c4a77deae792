import { expect, test } from "vitest";
import {
  DEFAULT_HEALTH,
  DESTINATION_STATE_NAMES,
  DESTINATION_STATES,
  type HealthRules,
  UNHEALTHY_STATES,
} from "../../../schema/vocabulary/destination-states.ts";

const meanings = (rules: Partial<HealthRules>) =>
  Object.fromEntries(
    DESTINATION_STATE_NAMES.map((name) => [name, DESTINATION_STATES[name].means({ ...DEFAULT_HEALTH, ...rules })]),
  );

test("a destination is judged by the last hour: under 50 % it is failing, under 95 % degraded, under 99 % with 50 failures, too", () => {
  expect(DEFAULT_HEALTH).toEqual({
    windowSeconds: 3_600,
    leastResults: 1,
    failingBelow: 0.5,
    degradedBelow: 0.95,
    manyFailures: 50,
    degradedBelowWithMany: 0.99,
  });
  expect(meanings({})).toEqual({
    failing: "less than 50 % of what ended in the last hour was delivered",
    degraded: "less than 95 % of what ended in the last hour was delivered, or less than 99 % with 50 failures or more",
    paused: "held until it is resumed",
    draining: "resumed, but held dispatches are still going out",
    delivering: "all or nearly all of what ended in the last hour was delivered",
    idle: "nothing ended in the last hour",
  });
});

test("the most urgent state comes first, and the unhealthy ones are more urgent than all others", () => {
  const byRank = DESTINATION_STATE_NAMES.toSorted(
    (one, other) => DESTINATION_STATES[other].rank - DESTINATION_STATES[one].rank,
  );
  expect(byRank).toEqual(["failing", "degraded", "paused", "draining", "delivering", "idle"]);
  expect(DESTINATION_STATE_NAMES.map((name) => DESTINATION_STATES[name].rank)).toEqual([5, 4, 3, 2, 1, 0]);
  expect(UNHEALTHY_STATES).toEqual(["failing", "degraded"]);
});

test.each([
  [7_200, "the last 2 hours"],
  [5_400, "the last 90 minutes"],
  [60, "the last minute"],
  [61, "the last 61 seconds"],
])("a window of %s s is %s", (windowSeconds, words) => {
  expect(meanings({ windowSeconds })).toMatchObject({
    failing: `less than 50 % of what ended in ${words} was delivered`,
    idle: `nothing ended in ${words}`,
  });
});

test("a share is told with its decimals, and too few results with their number", () => {
  const told = meanings({ failingBelow: 1 / 3, degradedBelow: 0.7, degradedBelowWithMany: 0.99995, leastResults: 20 });
  expect(told).toMatchObject({
    failing: "less than 33.3333 % of what ended in the last hour was delivered",
    degraded:
      "less than 70 % of what ended in the last hour was delivered, or less than 99.995 % with 50 failures or more",
    idle: "fewer than 20 ended in the last hour, too few to judge",
  });
});
