import type { GenericSchema } from "valibot";
import { describe, expect, test } from "vitest";
import {
  BulkSchema,
  check,
  DispatchFilterSchema,
  EventFilterSchema,
  PageSchema,
  ReasonSchema,
  ReplaySchema,
  RetryManySchema,
  RetrySchema,
  StatsSchema,
} from "../../workers/hub/operator/argument-schemas.ts";

const ID = "01930000-0000-7000-8000-000000000001";
const x = (length: number) => "x".repeat(length);
const refusal = (schema: GenericSchema, input: unknown) => {
  try {
    check(schema, input, "it");
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("an operator's argument", () => {
  test.each<[string, GenericSchema, (n: number) => unknown, number, string]>([
    [
      "a key",
      EventFilterSchema,
      (n) => ({ idempotencyKey: x(n) }),
      255,
      "it.idempotencyKey: must have at most 255 characters",
    ],
    [
      "a destination",
      DispatchFilterSchema,
      (n) => ({ destination: x(n) }),
      100,
      "it.destination: must have at most 100 characters",
    ],
    ["a route", DispatchFilterSchema, (n) => ({ route: x(n) }), 100, "it.route: must have at most 100 characters"],
    [
      "a reason",
      DispatchFilterSchema,
      (n) => ({ reason: x(n) }),
      1_000,
      "it.reason: must have at most 1000 characters",
    ],
    ["a reason to pause", ReasonSchema, x, 1_000, "it: must have at most 1000 characters"],
    ["ids", EventFilterSchema, (n) => ({ ids: Array(n).fill(ID) }), 1_000, "it.ids: must have at most 1000 ids"],
    ["a cursor", PageSchema, (n) => ({ cursor: x(n) }), 500, "it.cursor: must have at most 500 characters"],
    ["a page", PageSchema, (n) => ({ limit: n }), 500, "it.limit: must be an integer from 1 to 500"],
    ["an actor", BulkSchema, (n) => ({ actor: x(n) }), 200, "it.actor: must have at most 200 characters"],
    ["bulk work", BulkSchema, (n) => ({ limit: n }), 10_000_000, "it.limit: must be an integer from 1 to 10000000"],
    ["a rate", RetryManySchema, (n) => ({ perSecond: n }), 10_000, "it.perSecond: must be 1 to 10,000"],
    ["retries", RetrySchema, (n) => ({ maxRetries: n }), 1_000, "it.maxRetries: must be an integer from 0 to 1000"],
    [
      "a timeout",
      RetrySchema,
      (n) => ({ timeoutSeconds: n }),
      600,
      "it.timeoutSeconds: must be an integer from 1 to 600",
    ],
    [
      "a delay",
      RetrySchema,
      (n) => ({ delaySeconds: n }),
      31_536_000,
      "it.delaySeconds: must be an integer from 0 to 31536000",
    ],
    ["a bucket", StatsSchema, (n) => ({ bucket: n }), 31_536_000, "it.bucket: must be an integer from 1 to 31536000"],
  ])("is limited: %s", (_, schema, make, most, message) => {
    expect(refusal(schema, make(most))).toBe("taken");
    expect(refusal(schema, make(most + 1))).toBe(`[invalid_arguments] ${message}`);
  });

  test("has defaults for what is left out", () => {
    expect(check(PageSchema, {}, "page")).toEqual({ order: "newest", limit: 50, about: false });
    expect(check(RetrySchema, {}, "overrides")).toEqual({ delaySeconds: 0 });
    expect(check(BulkSchema, {}, "options")).toEqual({ dryRun: false, limit: 100_000 });
    expect(check(ReplaySchema, { routing: "same" }, "options")).toEqual({
      dryRun: false,
      limit: 100_000,
      perSecond: 50,
      routing: "same",
    });
  });

  test("is refused with its place and the requirement, and a long place is shortened", () => {
    expect(refusal(EventFilterSchema, { status: "failed" })).toBe("[invalid_arguments] it.status: is not known");
    expect(refusal(EventFilterSchema, { payload: { path: "$.a" } })).toBe(
      '[invalid_arguments] it.payload.equals: must be "equals"',
    );
    expect(refusal(EventFilterSchema, "text")).toBe("[invalid_arguments] it: must be Object");
    expect(refusal(DispatchFilterSchema, { route: 5 })).toBe("[invalid_arguments] it.route: must be string");
    expect(refusal(DispatchFilterSchema, { retried: "yes" })).toBe(
      "[invalid_arguments] it.retried: must be true or false",
    );
    expect(refusal(DispatchFilterSchema, { [x(300)]: 1 })).toBe(`[invalid_arguments] it.${x(197)}: is not known`);
  });

  test("is normalised: statuses to a list without repeats, ids to lower case, times to dates", () => {
    const filter = { status: "lost", eventId: ID.toUpperCase(), since: "2026-11-24", retried: false };
    expect(check(DispatchFilterSchema, filter, "filter")).toEqual({
      status: ["lost"],
      eventId: ID,
      since: new Date("2026-11-24T00:00:00.000Z"),
      retried: false,
    });
    expect(check(DispatchFilterSchema, { status: ["lost", "failed", "lost"] }, "filter")).toEqual({
      status: ["lost", "failed"],
    });
  });
});
