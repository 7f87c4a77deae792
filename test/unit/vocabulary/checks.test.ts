import { expect, test } from "vitest";
import * as checks from "../../../schema/vocabulary/checks.ts";
import * as heartbeats from "../../../schema/vocabulary/heartbeats.ts";
import { tells } from "../../support/pages.ts";

test("when the checks find something", () => {
  const { CHECKS, CHECK_NAMES, ...numbers } = checks;
  expect(numbers).toEqual({
    DEPLOYMENT_MINUTES: 10,
    MAX_CLOCK_SKEW_SECONDS: 5,
    DEAD_ROWS_FACTOR: 10,
    UNVACUUMED_MINUTES: 10,
    DEAD_ROWS_BORNE: 10_000,
  });
  expect(tells("Differences between hub and executor count after ten minutes")).toBe(true);
});

test("which parts leave heartbeats, and when one is silent", () => {
  expect({ ...heartbeats }).toEqual({
    HEARTBEATS: ["hub", "executor", "queue", "resent"],
    RUNNING_PARTS: ["hub", "executor"],
    SILENT_MINUTES: 10,
    QUEUE_SILENT_MINUTES: 3,
    DELIVERED_MINUTES: 15,
  });
  expect(tells("The hub or the executor counts as silent ten minutes after its next run was due.")).toBe(true);
  expect(tells("been overdue for 15 minutes and no attempt was recorded in that time, nothing is delivered")).toBe(
    true,
  );
});
