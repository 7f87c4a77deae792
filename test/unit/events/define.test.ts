import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { handleContext } from "../../../infra/testing/handle-context.ts";
import { defineEvents, on } from "../../../schema/events/index.ts";
import { checkerOfDefinition } from "../../../workers/hub/events/checker-of-hub.ts";

describe("a definition of events", () => {
  test("accepts schemas of any library, alone or with other properties of the kind", () => {
    const paid = v.object({ id: v.string() });
    const seen = type({ id: "string" });
    const refunded = {
      schema: z.object({ id: z.string() }),
      description: "The customer has the money back.",
      key: "$.id",
    };
    const events = defineEvents({ "order.paid": paid, "order.refunded": refunded, "order.seen": seen });
    expect(events).toMatchObject({ member: "kind", cloudEvents: false, check: "reject", unknown: "warn" });
    expect({ ...events.kinds }).toEqual({
      "order.paid": { schema: paid },
      "order.refunded": refunded,
      "order.seen": { schema: seen },
    });
  });

  test("exports kinds as JSON Schema if the library supports it, and valibot's through its converter", () => {
    const said = v.object({ id: v.string() });
    const { kinds } = checkerOfDefinition(
      defineEvents({
        zod: z.object({ id: z.string() }),
        arktype: type({ id: "string" }),
        valibot: toStandardJsonSchema(said),
        silent: said,
      }),
    );
    const schemas = Object.fromEntries([...kinds].map(([kind, { jsonSchema }]) => [kind, jsonSchema()]));
    const schema = expect.objectContaining({ type: "object", required: ["id"] });
    expect(schemas).toEqual({ zod: schema, arktype: schema, valibot: schema, silent: undefined });
  });

  test("of CloudEvents reads the kind from their type", () => {
    expect(defineEvents({ a: v.object({}) }, { cloudEvents: true })).toMatchObject({
      member: "type",
      cloudEvents: true,
    });
  });

  test("names the faulty kind and its fault", () => {
    const wrong = (kinds: object, options?: object) => () => defineEvents(kinds as never, options as never);
    expect(wrong({ "order.paid": {} })).toThrow(
      new TypeError('"order.paid": must be a Standard Schema, or an object with one as its schema'),
    );
    expect(wrong({ "eventhub.mine": v.object({}) })).toThrow(
      /"eventhub.mine": kinds that begin with eventhub. are reserved for the hub/,
    );
    expect(wrong({ a: { schema: v.object({}), check: "maybe" } })).toThrow(
      new TypeError('"a".check: must be one of reject, warn, off, got "maybe"'),
    );
    expect(wrong({}, { unknown: "maybe" })).toThrow(/^unknown: must be one of/);
  });
});

describe("a handler for each kind", () => {
  const events = defineEvents({ paid: v.object({ id: v.string() }) }, { kind: "type" });
  const handle = on<typeof events>(
    { paid: async ({ id }, { attempt }) => ({ result: "complete", reason: `${id}, attempt ${attempt}` }) },
    { kind: "type" },
  );

  test("is called with the event and its context", async () => {
    expect(await handle({ type: "paid", id: "o-1" }, handleContext({ attempt: 2 }))).toEqual({
      result: "complete",
      reason: "o-1, attempt 2",
    });
  });

  test("is not called for other kinds, which are ignored with a reason", async () => {
    const reasonOf = async (payload: object) => handle(payload, handleContext());
    expect(await reasonOf({ type: "toString" })).toEqual({
      result: "ignored",
      reason: 'events of kind "toString" are not handled here',
    });
    expect(await reasonOf({ kind: "paid" })).toEqual({
      result: "ignored",
      reason: "events without a type are not handled here",
    });
  });
});
