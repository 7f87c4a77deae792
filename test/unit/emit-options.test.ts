import { describe, expect, test } from "vitest";
import { EmitError } from "../../schema/contract/emit-error.ts";
import { MAX_DELAY_SECONDS, MAX_HOPS, MAX_IDEMPOTENCY_KEY_LENGTH } from "../../schema/vocabulary/limits.ts";
import { checkOptions } from "../../workers/hub/emit/check-options.ts";

const nothing = {
  idempotencyKey: undefined,
  delaySeconds: undefined,
  deliverAt: undefined,
  trace: {},
  cloudEvents: false,
  ancestry: { causedBy: undefined, hops: 0 },
};

const EVENT = "01890a5d-ac96-774b-bcce-b302099a8057";
const TRACE = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const OTHER_TRACE = `00-${"c".repeat(32)}-${"d".repeat(16)}-00`;

describe("options of emit()", () => {
  test.each([
    [undefined, {}],
    [{}, {}],
    [{ idempotencyKey: "k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH) }, { idempotencyKey: "k".repeat(255) }],
    [{ idempotencyKey: "😀".repeat(255) }, { idempotencyKey: "😀".repeat(255) }],
    [{ deliverAt: "2026-01-02" }, { deliverAt: new Date("2026-01-02T00:00:00Z") }],
    [{ delaySeconds: 0 }, { delaySeconds: 0 }],
    [{ cloudEvents: true }, { cloudEvents: true }],
    [{ delaySeconds: MAX_DELAY_SECONDS }, { delaySeconds: 31_536_000 }],
    [{ deliverAt: new Date(5) }, { deliverAt: new Date(5) }],
    [{ deliverAt: "2026-01-02T03:04:05+01:00" }, { deliverAt: new Date("2026-01-02T02:04:05Z") }],
    [
      { traceparent: TRACE, tracestate: "a=1", baggage: "b=2" },
      { trace: { traceparent: TRACE, tracestate: "a=1", baggage: "b=2" } },
    ],
    [{ traceparent: null, tracestate: null, baggage: null }, {}],
    [
      { context: { eventId: EVENT, hops: 0, traceparent: TRACE, tracestate: "a=1", baggage: "b=2" } },
      { ancestry: { causedBy: EVENT, hops: 1 }, trace: { traceparent: TRACE, tracestate: "a=1", baggage: "b=2" } },
    ],
    [
      {
        traceparent: OTHER_TRACE,
        context: { eventId: EVENT, hops: 0, traceparent: TRACE, tracestate: "a=1", baggage: "b=2" },
      },
      { ancestry: { causedBy: EVENT, hops: 1 }, trace: { traceparent: OTHER_TRACE, baggage: "b=2" } },
    ],
    [
      { context: { eventId: EVENT, hops: 0, traceparent: 7, baggage: "nonsense" } },
      { ancestry: { causedBy: EVENT, hops: 1 } },
    ],
    [
      { context: { eventId: EVENT.toUpperCase(), hops: 0, attempt: 3, emittedAt: new Date() } },
      { ancestry: { causedBy: EVENT, hops: 1 } },
    ],
    [{ context: { eventId: EVENT, hops: MAX_HOPS - 1 } }, { ancestry: { causedBy: EVENT, hops: MAX_HOPS } }],
  ])("are accepted: %j", (options, expected) => {
    expect(checkOptions(options)).toEqual({ ...nothing, ...expected });
  });

  test.each([MAX_HOPS, MAX_HOPS + 1])("a context with %s hops behind it is the end of a chain", (hops) => {
    const message = `event ${EVENT} has ${hops} hops behind it, and at most 8 are allowed: events cause each other in a circle`;
    expect(() => checkOptions({ context: { eventId: EVENT, hops } })).toThrow(new EmitError("loop", message));
  });

  test.each<[unknown, string]>([
    ["key", "options must be an object, got a string"],
    [
      { delay: 5 },
      'unknown option "delay"; there are idempotencyKey, delaySeconds, deliverAt, traceparent, tracestate, baggage, cloudEvents, context',
    ],
    [{ idempotencyKey: "" }, "idempotencyKey must have 1 to 255 characters, got 0"],
    [
      { idempotencyKey: "k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH + 1) },
      "idempotencyKey must have 1 to 255 characters, got 256",
    ],
    [{ idempotencyKey: "😀".repeat(256) }, "idempotencyKey must have 1 to 255 characters, got 256"],
    [{ idempotencyKey: 5 }, "idempotencyKey must be a string, got a number"],
    [{ idempotencyKey: "a\0" }, "idempotencyKey contains what Postgres cannot store (U+0000 or half a surrogate pair)"],
    [{ delaySeconds: "5" }, "delaySeconds must be a number from 0 to 31536000 (365 days), got a string"],
    [{ delaySeconds: Number.NaN }, "delaySeconds must be a number from 0 to 31536000 (365 days), got NaN"],
    [
      { delaySeconds: MAX_DELAY_SECONDS + 1 },
      "delaySeconds must be a number from 0 to 31536000 (365 days), got 31536001",
    ],
    [{ context: null }, "context must be the context of handle(), got null"],
    [{ context: EVENT }, "context must be the context of handle(), got a string"],
    [{ context: [] }, "context must be the context of handle(), got an array"],
    [{ context: {} }, "context.eventId must be the id of an event (a UUID), got undefined"],
    [{ context: { eventId: "17", hops: 0 } }, "context.eventId must be the id of an event (a UUID), got a string"],
    [{ context: { eventId: EVENT } }, "context.hops must be an integer of at least 0, got undefined"],
    [{ context: { eventId: EVENT, hops: "1" } }, "context.hops must be an integer of at least 0, got a string"],
    [{ context: { eventId: EVENT, hops: -1 } }, "context.hops must be an integer of at least 0, got -1"],
    [{ context: { eventId: EVENT, hops: 0.5 } }, "context.hops must be an integer of at least 0, got 0.5"],
    [{ context: { eventId: EVENT, hops: Number.NaN } }, "context.hops must be an integer of at least 0, got NaN"],
    [{ cloudEvents: "yes" }, "cloudEvents must be true or false, got a string"],
    [{ delaySeconds: 1, deliverAt: new Date() }, "delaySeconds and deliverAt exclude each other"],
    [
      { deliverAt: "tomorrow" },
      "deliverAt must be a Date, an ISO 8601 time with its zone (2026-11-23T08:00:00Z) or a date (2026-11-23), got a string",
    ],
    [
      { deliverAt: "2026-01-02T03:04:05" },
      "deliverAt must be a Date, an ISO 8601 time with its zone (2026-11-23T08:00:00Z) or a date (2026-11-23), got a string",
    ],
    [
      { deliverAt: new Date(Number.NaN) },
      "deliverAt must be a Date, an ISO 8601 time with its zone (2026-11-23T08:00:00Z) or a date (2026-11-23), got a Date",
    ],
    [
      { deliverAt: new Date(Date.now() + MAX_DELAY_SECONDS * 1_000 + 60_000) },
      "deliverAt must be at most 365 days ahead",
    ],
    [{ traceparent: 7 }, "traceparent must be a string, got a number"],
    [{ traceparent: TRACE, baggage: { tenant: 7 } }, "baggage must be a string, got an Object"],
  ])("are refused with the option's name: %j", (options, message) => {
    expect(() => checkOptions(options)).toThrow(new EmitError("invalid_options", message));
  });
});
