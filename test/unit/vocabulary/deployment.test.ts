import { expect, test } from "vitest";
import { ALARM_NAME } from "../../../schema/vocabulary/alarm-times.ts";
import * as deployment from "../../../schema/vocabulary/deployment.ts";
import { ROLES } from "../../../schema/vocabulary/roles.ts";

test("every way of deploying the Workers has this", () => {
  expect({ ...deployment }).toEqual({
    COMPATIBILITY_DATE: "2026-10-30",
    ALARM_BINDING: "EVENTHUB_ALARM",
    ALARM_CLASS: "Alarm",
    QUEUE_CONSUMER: { batchSize: 100, waitSeconds: 0, retries: 20 },
  });
});

test("the alarm of a deployed hub is found by its name, under which it is stored", () => {
  expect(ALARM_NAME).toBe("hub");
});

test("an operator acts, and a reader only looks", () => {
  expect(ROLES).toEqual({ operator: { acts: true }, reader: { acts: false } });
});
