import { expect, test } from "vitest";
import { secondsBetween } from "../../schema/text/cron-interval.ts";

test.each([
  ["* * * * *", 60],
  ["*/5 * * * *", 300],
  ["17 * * * *", 3_600],
  ["0 */6 * * *", 21_600],
  ["30 4 * * *", 86_400],
])("the cron expression %s means every %i seconds", (cron, seconds) => {
  expect(secondsBetween(cron)).toBe(seconds);
});

test.each([
  undefined,
  "",
  "* * * *",
  "*/0 * * * *",
  "0,30 * * * *",
  "0 9 * * MON",
  "* 4 * * *",
  "0-9 * * * *",
  "x y * * *",
])("the interval of the cron expression %s is unknown", (cron) => {
  expect(secondsBetween(cron)).toBeUndefined();
});
