import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import { fakeEventHub } from "../../../infra/testing/index.ts";
import type { Consumer, EventHub } from "../../../schema/contract/index.ts";
import { defineEvents } from "../../../schema/events/index.ts";
import { logInvalid } from "../../../workers/hub/emit/check-event.ts";
import { compileRoutes, type RouteConfigError } from "../../../workers/hub/routing/index.ts";

const routes = [{ name: "paid", condition: { path: "$.kind", exact: "order.paid" }, destination: "BILLING" }];
const order = {
  type: "object",
  properties: { kind: {}, id: { type: "string", minLength: 1 }, total: { type: "number" } },
  required: ["id"],
};

test("a line is logged only if an event of the call does not match its definition", () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  const id = "01890a5d-ac96-774b-bcce-b302099a8057";
  logInvalid([{ id, traceparent: undefined, invalid: undefined }]);
  expect(warned).not.toHaveBeenCalled();
  logInvalid([
    { id, traceparent: undefined, invalid: undefined },
    { id, traceparent: undefined, invalid: { refused: false, faults: ["id: is required"] } },
  ]);
  expect(warned.mock.calls).toEqual([
    [JSON.stringify({ event: "events.invalid", events: 1, refused: 0, ids: [{ eventId: id }] })],
  ]);
  warned.mockRestore();
});

describe("a configuration that defines events", () => {
  const configured = (events: object, eventDefaults: object = {}) => fakeEventHub({ events, eventDefaults, routes });
  const told = (hub: EventHub, payload: object) =>
    hub.emit(payload).then(
      () => "taken",
      (error: Error) => error.message,
    );

  test("refuses an event with each fault and its place", async () => {
    const hub = configured({ "order.paid": { schema: order } });
    expect(await told(hub, { kind: "order.paid", id: "", total: "5" })).toBe(
      "[invalid_event] event.id: must not be empty; event.total: must be a number, got a string",
    );
    expect(await told(hub, { kind: "order.paid", id: "o" })).toBe("taken");
    expect(hub.emitted.map(({ payload, invalid }) => ({ payload, invalid }))).toEqual([
      { payload: { kind: "order.paid", id: "o" }, invalid: undefined },
    ]);
  });

  test("warns about undefined kinds by default, and can refuse or ignore them", async () => {
    const hub = configured({ "order.paid": { schema: order } });
    expect(await told(hub, { kind: "order.payed" })).toBe("taken");
    expect(await told(hub, { other: 1 })).toBe("taken");
    expect(hub.emitted.map(({ invalid }) => invalid)).toEqual([
      ["kind: is none of the 1 defined kinds"],
      ["kind: is required: it names the kind of the event"],
    ]);
    expect(await told(configured({}, { unknown: "reject" }), { kind: 5 })).toBe(
      "[invalid_event] event.kind: must be a string: it names the kind of the event",
    );
    const silent = configured({}, { unknown: "off" });
    await silent.emit({ kind: "any" });
    expect(silent.emitted[0]?.invalid).toBe(undefined);
  });

  test("refuses, warns or skips the check as each kind says", async () => {
    const wrong = (kind: string) => ({ kind, id: 5 });
    const hub = configured(
      { a: { schema: order }, b: { schema: order, check: "reject" }, c: { schema: order, check: "off" } },
      { check: "warn", unknown: "reject" },
    );
    expect(await told(hub, wrong("a"))).toBe("taken");
    expect(await told(hub, wrong("b"))).toBe("[invalid_event] event.id: must be a string, got a number");
    expect(await told(hub, wrong("c"))).toBe("taken");
    expect(hub.emitted.map(({ invalid }) => invalid)).toEqual([["id: must be a string, got a number"], undefined]);
  });

  test("can name another member that holds the kind", async () => {
    const hub = configured({ "order.paid": { schema: order } }, { kind: "type", unknown: "reject" });
    expect(await told(hub, { kind: "order.paid", id: "o" })).toBe(
      "[invalid_event] event.type: is required: it names the kind of the event",
    );
    expect(await told(hub, { type: "order.paid", id: "o" })).toBe("taken");
  });

  test("reports at most 20 faults of a call or in a warning, and counts the others", async () => {
    const many = { schema: { additionalProperties: { type: "number" } } };
    const payload = { kind: "many", ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, ""])) };
    const message = await told(configured({ many }), payload);
    expect(message.split("; ")).toHaveLength(21);
    expect(message).toMatch(/; and 11 more$/);
    const half = Object.fromEntries(Object.entries(payload).slice(0, 16));
    const both = await configured({ many })
      .emit([half, half])
      .catch((error: Error) => error.message);
    expect(String(both).split("; ")).toHaveLength(21);
    expect(both).toMatch(/; events\[1\]\.m2: must be a number, got a string; and 12 more$/);
    const warning = configured({ many }, { check: "warn" });
    expect(await told(warning, payload)).toBe("taken");
    const invalid = warning.emitted[0]?.invalid;
    expect(invalid).toHaveLength(21);
    expect(invalid?.slice(-2)).toEqual(["m18: must be a number, got a string", "and 11 more"]);
  });

  test("is refused with the place of each of its own faults", () => {
    const faultsOf = (configuration: object) => {
      try {
        compileRoutes({ routes, ...configuration });
        return [];
      } catch (error) {
        return (error as RouteConfigError).faults.map(({ path, message }) => `${path}: ${message}`);
      }
    };
    expect(
      faultsOf({
        events: {
          a: { schema: { properties: { x: { type: "text" }, y: { pattern: "(?=a)" } }, $ref: "#/$defs/no" } },
          b: {},
          c: { schema: 5, check: "maybe" },
          "eventhub.d": { schema: {} },
          e: { schema: { $schema: "http://json-schema.org/draft-07/schema#" }, more: 1 },
        },
        eventDefaults: { unknown: "maybe" },
      }),
    ).toEqual([
      'eventDefaults.unknown: must be one of reject, warn, off, got "maybe"',
      "events.b.schema: is required",
      "events.c.schema: must be a JSON Schema (an object, true or false), got 5",
      'events.c.check: must be one of reject, warn, off, got "maybe"',
      `events["eventhub.d"]: begins with eventhub., which is reserved for the hub`,
      "events.e.more: is not a known key",
    ]);
    expect(
      faultsOf({ events: { a: { schema: { properties: { x: { type: "text" } }, $ref: "#/$defs/no" } } } }),
    ).toEqual([
      'events.a.schema.properties.x.type: must be of null, boolean, object, array, number, string, integer, got "text"',
      'events.a.schema.$ref: leads to nothing in this schema: "#/$defs/no"',
    ]);
    expect(faultsOf({ events: { a: { schema: { pattern: "(?=a)" } } } })[0]).toMatch(/^events\.a\.schema\.pattern: /);
  });
});

describe("a definition that a hub has in its class", () => {
  const events = defineEvents({ "order.paid": v.object({ id: v.string() }) }, { unknown: "reject" });

  test("is used by the hub in memory, with a producer and a consumer of its types", async () => {
    const hub = fakeEventHub({ routes }, { events });
    const producer: EventHub<typeof events> = hub;
    const consumer: Consumer<typeof events, "order.paid"> = {
      handle: ({ id }) => ({ result: "complete", reason: `order ${id}` }),
    };
    await producer.emit({ kind: "order.paid", id: "o-1" });
    expect(await hub.deliverTo("BILLING", consumer)).toMatchObject([{ result: "complete", reason: "order o-1" }]);
    await expect(hub.emit({ kind: "order.paid" })).rejects.toThrow("[invalid_event] event.id: ");
  });

  test("excludes a definition in the configuration", () => {
    expect(() => fakeEventHub({ routes, events: {} }, { events })).toThrow(
      "[misconfigured] the hub's events are defined twice: by its class, and by `events` in its configuration",
    );
  });

  test("may have an asynchronous schema, and a schema that fails is reported as the deployment's fault", async () => {
    const later = defineEvents({
      a: v.pipeAsync(
        v.object({ id: v.string() }),
        v.checkAsync(async () => false, "no"),
      ),
    });
    await expect(fakeEventHub({ routes }, { events: later }).emit({ kind: "a", id: "1" })).rejects.toThrow(
      "[invalid_event] event: no",
    );
    const failing = defineEvents({
      a: v.pipe(
        v.object({}),
        v.check(() => {
          throw new Error("no network");
        }),
      ),
    });
    await expect(fakeEventHub({ routes }, { events: failing }).emit({ kind: "a" })).rejects.toThrow(
      '[misconfigured] the schema of "a" failed: Error: no network',
    );
  });
});
