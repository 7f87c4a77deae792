import { CloudEvent, HTTP } from "cloudevents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { cloudEventFault, isCloudEvent } from "../../schema/payload/check-cloud-event.ts";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../../schema/vocabulary/limits.ts";
import { FIRST } from "../../workers/hub/emit/ancestry.ts";
import { identify } from "../../workers/hub/emit/identity.ts";
import { carriesCloudEvent, toCloudEvent } from "../../workflows/cloud-event.ts";
import { cases } from "../support/cases.ts";

const MINIMAL: EventPayload = { specversion: "1.0", id: "1", source: "/shop", type: "order.paid" };
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const FACTS = {
  event_id: "0193",
  emitted_at: new Date("2026-11-24T00:00:00Z"),
  traceparent: TRACE,
  tracestate: null,
  cloud_event: false,
};
const EMITTED = { ...FACTS, cloud_event: true };
const UNKNOWN = { ...FACTS, cloud_event: null };
const ORIGIN = { source: "/cf-eventhub", type: "cf-eventhub.event" };

/** The result of the SDK's own parser for a structured message. */
const received = (event: EventPayload) =>
  HTTP.toEvent({
    headers: { "content-type": "application/cloudevents+json" },
    body: JSON.stringify(event),
  }) as CloudEvent<unknown>;

describe("a CloudEvent", () => {
  test.each<EventPayload>([
    MINIMAL,
    { ...MINIMAL, data: { n: 1 } },
    { ...MINIMAL, data: null, datacontenttype: "application/json; charset=utf-8" },
    { ...MINIMAL, data_base64: "aGk=", datacontenttype: "image/png" },
    {
      ...MINIMAL,
      source: "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
      subject: "17",
      time: "2024-02-29t00:00:00.123+01:00",
    },
    { ...MINIMAL, time: "1990-12-31T23:59:60Z" },
    { ...MINIMAL, time: "1990-12-31T15:59:60.5-08:00" },
    { ...MINIMAL, time: "2017-01-01T00:59:60+01:00" },
    { ...MINIMAL, source: "mailto:", dataschema: "urn:a" },
    { ...MINIMAL, source: "https://[2001:db8::1]:8443/a?b=c#d", dataschema: "https://example.com/schema" },
    { ...MINIMAL, traceparent: TRACE, sequence: 17, sampled: true },
    new CloudEvent({ source: "/shop", type: "order.paid", data: { n: 1 } }).toJSON() as EventPayload,
  ])("is %j", (event) => {
    expect(cloudEventFault(event)).toBeUndefined();
    expect(received(event).id).toBe(event.id);
  });

  test.each<[EventPayload, string]>([
    [{}, ".specversion: is required in a CloudEvent"],
    [{ ...MINIMAL, specversion: "0.3" }, '.specversion: must be "1.0"'],
    [{ specversion: "1.0", source: "/", type: "t" }, ".id: is required in a CloudEvent"],
    [{ ...MINIMAL, id: "" }, ".id: must not be empty"],
    [{ ...MINIMAL, id: 1 }, ".id: must be a string"],
    [{ ...MINIMAL, type: null }, ".type: must be a string"],
    [{ ...MINIMAL, source: "a b" }, ".source: must be a URI reference"],
    [{ ...MINIMAL, source: "1a:b" }, ".source: must be a URI reference"],
    [{ ...MINIMAL, source: "/a#b#c" }, ".source: must be a URI reference"],
    [{ ...MINIMAL, time: "yesterday" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2026-13-01T00:00:00Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, source: "//[::1::]/a" }, ".source: must be a URI reference"],
    [{ ...MINIMAL, time: "2026-02-29T00:00:00Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2026-01-01T24:00:00Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2016-12-31T23:59:61Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2016-12-31T23:58:60Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2016-12-30T23:59:60Z" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, time: "2016-12-31T23:59:60+01:00" }, ".time: must be an RFC 3339 time"],
    [{ ...MINIMAL, dataschema: "schema" }, ".dataschema: must be an absolute URI"],
    [{ ...MINIMAL, dataschema: "a:?" }, ".dataschema: must be an absolute URI"],
    [{ ...MINIMAL, datacontenttype: "json" }, ".datacontenttype: must be a media type"],
    [{ ...MINIMAL, data_base64: "§" }, ".data_base64: must be base64"],
    [{ ...MINIMAL, data: 1, data_base64: "aGk=" }, ".data_base64: excludes data"],
    [{ ...MINIMAL, extension: { a: 1 } }, ".extension: must be a string, a boolean or an integer of 32 bits"],
    [{ ...MINIMAL, extension: 1.5 }, ".extension: must be a string, a boolean or an integer of 32 bits"],
    [{ ...MINIMAL, "my-extension": "a" }, ': "my-extension" is not a name for a CloudEvent\'s attribute (a-z, 0-9)'],
  ])("is not %j", (payload, fault) => {
    expect(cloudEventFault(payload)).toBe(fault);
    expect(isCloudEvent(payload)).toBe(false);
  });

  test("that is accepted here is also valid for the CloudEvents SDK", () => {
    const uri = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: fc.constantFrom(..."ab1:/?#[]@!$%20é .~") }),
      fc.constantFrom("urn:a:b", "//x", "a:"),
    );
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", "2026-11-24T00:00:00Z", "2026-02-31T25:61:61Z", "application/json", "aGk=", "1.0"),
    );
    const attribute = fc.oneof(text, uri, fc.integer(), fc.boolean(), fc.constant(null));
    const odd = fc.oneof(
      ...["id", "type", "time", "subject", "datacontenttype", "data_base64", "ext1"].map((name) =>
        attribute.map((value) => ({ [name]: value })),
      ),
      ...["source", "dataschema"].map((name) => uri.map((value) => ({ [name]: value }))),
      fc.jsonValue().map((data) => ({ data })),
    );
    const event = fc.array(odd, { maxLength: 2 }).map((list) => Object.assign({}, MINIMAL, ...list) as EventPayload);
    let taken = 0;
    fc.assert(
      fc.property(event, (value) => {
        const payload = JSON.parse(JSON.stringify(value)) as EventPayload;
        if (cloudEventFault(payload) !== undefined) return;
        taken++;
        // The SDK's class does not accept null, which the JSON format allows for "not there".
        const present = Object.fromEntries(Object.entries(payload).filter(([, member]) => member !== null));
        expect(() => new CloudEvent(present)).not.toThrow();
      }),
      cases(5_000),
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe("a destination of the format cloudevents gets", () => {
  test("an ordinary payload wrapped in a new CloudEvent", () => {
    const event = toCloudEvent({ n: 1 }, { n: 2 }, FACTS, ORIGIN);
    expect(event).toEqual({
      specversion: "1.0",
      id: "0193",
      source: "/cf-eventhub",
      type: "cf-eventhub.event",
      time: "2026-11-24T00:00:00.000Z",
      traceparent: TRACE,
      datacontenttype: "application/json",
      data: { n: 2 },
    });
    expect(received(event)).toMatchObject({ id: "0193", data: { n: 2 }, traceparent: TRACE });
    expect(toCloudEvent({}, {}, { ...FACTS, traceparent: null }, ORIGIN)).not.toHaveProperty("traceparent");
    expect(toCloudEvent({}, {}, { ...FACTS, tracestate: "a=1" }, ORIGIN)).toHaveProperty("tracestate", "a=1");
  });

  test("an event that was emitted as a CloudEvent unchanged, including binary data", () => {
    const event = { ...MINIMAL, time: "2020-01-01T00:00:00Z", ext: 1, data_base64: "aGk=" };
    expect(toCloudEvent(event, event, EMITTED, ORIGIN)).toBe(event);
    expect(received(event).data_base64).toBe("aGk=");
  });

  test("the original attributes around the result of a transform", () => {
    const event = {
      ...MINIMAL,
      subject: "17",
      dataschema: "https://example.com/a",
      datacontenttype: "image/png",
      data_base64: "aGk=",
    };
    expect(toCloudEvent(event, { shaped: true }, EMITTED, ORIGIN)).toEqual({
      ...MINIMAL,
      subject: "17",
      datacontenttype: "application/json",
      data: { shaped: true },
    });
  });

  test("a payload that only looks like a CloudEvent wrapped like any other, even after a transform", () => {
    const lookalike = { ...MINIMAL, data: { n: 1 }, secret: "s" };
    const { secret: _, ...shaped } = lookalike;
    for (const payload of [lookalike, structuredClone(lookalike), shaped]) {
      expect(toCloudEvent(lookalike, payload, FACTS, ORIGIN)).toMatchObject({
        id: "0193",
        source: "/cf-eventhub",
        data: payload,
      });
      expect(carriesCloudEvent(lookalike, payload, FACTS)).toBe(false);
      expect(carriesCloudEvent(lookalike, payload, EMITTED)).toBe(true);
    }
    expect(toCloudEvent(lookalike, { n: 1 }, FACTS, ORIGIN)).toMatchObject({ id: "0193", data: { n: 1 } });
    expect(toCloudEvent({ n: 1 }, { n: 1 }, EMITTED, ORIGIN)).toMatchObject({ id: "0193", data: { n: 1 } });
  });

  test("an older event, stored before the hub kept this, judged by how it looks", () => {
    expect(toCloudEvent(MINIMAL, MINIMAL, UNKNOWN, ORIGIN)).toBe(MINIMAL);
    expect(toCloudEvent({ n: 1 }, { n: 1 }, UNKNOWN, ORIGIN)).toMatchObject({ id: "0193" });
  });

  test("the CloudEvent that a transform returns", () => {
    const made = { ...MINIMAL, type: "made", data: 1 };
    expect(toCloudEvent({ n: 1 }, made, FACTS, ORIGIN)).toBe(made);
    expect(toCloudEvent(MINIMAL, made, FACTS, ORIGIN)).toBe(made);
    for (const attribute of ["id", "source", "type"])
      expect(carriesCloudEvent(MINIMAL, { ...MINIMAL, [attribute]: "made" }, FACTS)).toBe(true);
    expect(carriesCloudEvent({ ...MINIMAL, specversion: "0.3" }, MINIMAL, FACTS)).toBe(true);
  });

  test("a source and a type that are validated in the configuration", () => {
    const faults = (cloudEvents: unknown) => {
      try {
        return parseRouteConfig({ cloudEvents, routes: [] }).cloudEvents;
      } catch (error) {
        return String((error as Error).message).split("\n")[1];
      }
    };
    expect(faults({ source: "https://shop.example" })).toEqual({
      source: "https://shop.example",
      type: "cf-eventhub.event",
    });
    expect(faults({ source: "a b" })).toBe('cloudEvents.source: must be a URI reference, got "a b"');
    expect(faults({ type: "" })).toBe('cloudEvents.type: must be a string that is not empty, got ""');
    expect(faults({ kind: "x" })).toBe("cloudEvents.kind: is not a known key");
  });
});

describe("emitted as a CloudEvent, an event", () => {
  const options = {
    idempotencyKey: undefined,
    delaySeconds: undefined,
    deliverAt: undefined,
    trace: {},
    cloudEvents: true,
    ancestry: FIRST,
  };

  test("uses source and id as its idempotency key, and its extension as its trace unless the call has one", async () => {
    expect(await identify({ ...MINIMAL, traceparent: TRACE }, "event", 3, options)).toEqual({
      idempotencyKey: "/shop 1",
      idempotencyIndex: 0,
      traceparent: TRACE,
    });
    expect(await identify({ ...MINIMAL, traceparent: "odd" }, "event", 3, options)).not.toHaveProperty("traceparent");
    const given = { traceparent: TRACE.replace("b7", "b8"), baggage: "tenant=7" };
    expect(
      await identify({ ...MINIMAL, traceparent: TRACE, tracestate: "a=1" }, "event", 3, { ...options, trace: given }),
    ).toEqual({ idempotencyKey: "/shop 1", idempotencyIndex: 0, ...given });
  });

  test("uses the key of the call if there is one", async () => {
    expect(await identify(MINIMAL, "event", 3, { ...options, idempotencyKey: "mine" })).toMatchObject({
      idempotencyKey: "mine",
      idempotencyIndex: 3,
    });
  });

  test("can have a source and id that are longer than a key", async () => {
    const long = (length: number) => identify({ ...MINIMAL, id: "x".repeat(length) }, "event", 0, options);
    const room = MAX_IDEMPOTENCY_KEY_LENGTH - "/shop ".length;
    expect((await long(room)).idempotencyKey).toHaveLength(MAX_IDEMPOTENCY_KEY_LENGTH);
    expect((await long(room + 1)).idempotencyKey).toMatch(/^cloudevent sha256 [0-9a-f]{64}$/);
    expect((await long(room + 1)).idempotencyKey).not.toBe((await long(room + 2)).idempotencyKey);
  });

  test("is refused, with the place of the fault, if it is invalid", async () => {
    await expect(identify({ n: 1 }, "events[3]", 3, options)).rejects.toThrow(
      "[invalid_payload] events[3].specversion: is required in a CloudEvent",
    );
  });

  test("is treated as an ordinary payload without the option", async () => {
    expect(await identify(MINIMAL, "event", 0, { ...options, cloudEvents: false })).toMatchObject({
      idempotencyKey: undefined,
    });
  });
});
