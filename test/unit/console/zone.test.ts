import { describe, expect, test } from "vitest";
import { clock, exactIn, fieldOf, minuteIn, momentOf, zoneAt, zoneName } from "../../../workers/console/assets/zone.ts";

const AT = new Date("2026-11-24T12:00:05.070Z");

describe("a time in UTC", () => {
  test("is shown to the millisecond, to the minute, and with its date if that is another day", () => {
    expect(exactIn(AT, "UTC")).toBe("2026-11-24 12:00:05.070");
    expect(minuteIn(AT, "UTC")).toBe("2026-11-24 12:00");
    expect(clock(AT, AT, "UTC")).toBe("12:00");
    expect(clock(AT, new Date("2026-11-25T00:00:00Z"), "UTC")).toBe("2026-11-24 12:00");
    expect([zoneAt(AT, "UTC"), zoneName("UTC")]).toEqual(["UTC", "UTC"]);
  });

  test("is the same after it was put into a field and read back", () => {
    expect(fieldOf(AT, "UTC")).toBe("2026-11-24T12:00:05");
    expect(momentOf("2026-11-24T12:00:05", "UTC")).toEqual(new Date("2026-11-24T12:00:05Z"));
  });
});

test("a time in the reader's own zone is the same moment after it was put into a field and read back", () => {
  expect(momentOf(fieldOf(AT, undefined), undefined)).toEqual(new Date("2026-11-24T12:00:05Z"));
});
