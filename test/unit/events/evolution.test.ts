import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { diffText } from "../../../infra/cli/events/text.ts";
import { withJsonSchemas } from "../../../infra/events/definition.ts";
import { diffEvents } from "../../../infra/events/diff.ts";
import { compareSchemas } from "../../../infra/events/diff-schemas.ts";
import { exportEvents } from "../../../infra/events/export.ts";
import { inferSchema } from "../../../infra/events/infer.ts";
import { Faults } from "../../../schema/config/faults.ts";
import { defineEvents } from "../../../schema/events/index.ts";
import { compileJsonSchema } from "../../../workers/hub/events/json-schema/compile.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

const object = (properties: object, ...required: string[]) => ({ type: "object", properties, required });
const string = { type: "string" };

/** Changes as one line each. */
const changes = (before: unknown, after: unknown) =>
  compareSchemas(before, after).map(({ at, what, breaks }) => `${breaks.join("+") || "nobody"}: $${at} ${what}`);

describe("a change of a schema", () => {
  test.each<[what: string, before: unknown, after: unknown, expected: string[]]>([
    ["none", object({ a: string }, "a"), object({ a: string }, "a"), []],
    ["a new member", object({ a: string }), object({ a: string, b: string }), ["nobody: $.b is new"]],
    ["a new member that is required", object({}), object({ b: string }, "b"), ["producers: $.b is new and required"]],
    [
      "a member that is required now",
      object({ a: string }),
      object({ a: string }, "a"),
      ["producers: $.a is required now"],
    ],
    [
      "a member that may be missing",
      object({ a: string }, "a"),
      object({ a: string }),
      ["consumers: $.a may be missing now"],
    ],
    ["a member less", object({ a: string }), object({}), ["consumers: $.a is not described any more"]],
    [
      "a wider type",
      object({ a: string }),
      object({ a: { type: ["string", "null"] } }),
      ["consumers: $.a may now be null"],
    ],
    [
      "a narrower type",
      object({ a: { type: ["string", "null"] } }),
      object({ a: string }),
      ["producers: $.a may no longer be null"],
    ],
    [
      "another enum",
      { enum: ["a", "b"] },
      { enum: ["b", "c"] },
      ['producers: $ may no longer be "a"', 'consumers: $ may now be "c"'],
    ],
    ["a narrower bound", { minimum: 1 }, { minimum: 2 }, ["producers: $ has minimum 2, was 1"]],
    ["a wider bound", { maxLength: 5 }, {}, ["consumers: $ has maxLength no more, was 5"]],
    ["another pattern", { pattern: "a" }, { pattern: "b" }, ["producers+consumers: $ has another pattern"]],
    [
      "items",
      { items: object({ a: string }) },
      { items: object({ a: { type: "number" } }) },
      ["producers: $[*].a may no longer be string", "consumers: $[*].a may now be number"],
    ],
    [
      "what a reference leads to",
      { $ref: "#/$defs/a", $defs: { a: { minimum: 1 } } },
      { $ref: "#/$defs/b", $defs: { b: { minimum: 0 } } },
      ["consumers: $ has minimum 0, was 1"],
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("is told by kind, with what becomes of kinds and of their checks", () => {
    const before = withJsonSchemas(
      defineEvents({ gone: v.object({}), same: v.object({}), checked: { schema: v.object({}), check: "warn" } }),
    );
    const after = withJsonSchemas(
      defineEvents(
        { same: v.object({}), checked: v.object({ id: v.string() }), fresh: v.object({}) },
        { unknown: "reject" },
      ),
    );
    expect(diffText(diffEvents(before, after))).toBe(
      [
        "checked",
        "  breaks producers               check warn is now reject",
        "  breaks producers               $.id is new and required",
        "fresh",
        "  compatible                     is new",
        "gone",
        "  breaks producers and consumers is no longer defined",
        "4 changes: 3 breaking for producers, 1 for consumers",
      ].join("\n"),
    );
    expect(diffText(diffEvents(after, after))).toBe("no kind of event changes");
  });
});

describe("a definition in another form", () => {
  const events = withJsonSchemas(
    defineEvents({
      "order.paid": {
        schema: v.object({
          id: v.string(),
          total: v.number(),
          by: v.optional(v.picklist(["app", "web"])),
          lines: v.array(v.object({ sku: v.string() })),
        }),
        description: "An order was paid.",
        examples: [{ kind: "order.paid", id: "o", total: 1, lines: [] }],
        key: "$.id",
        check: "warn",
      },
    }),
  );

  test("is a configuration that checks the same", () => {
    const { events: checker } = compileRoutes({ routes: [], ...JSON.parse(exportEvents(events, "json-schema")) });
    const kind = checker?.kinds.get("order.paid");
    expect(kind).toMatchObject({ check: "warn", description: "An order was paid.", key: "$.id" });
    expect(kind?.faultsOf({ kind: "order.paid", id: 1, total: 1, lines: [{}] })).toEqual([
      { path: ["id"], message: "must be a string, got a number" },
      { path: ["lines", 0, "sku"], message: "is required" },
    ]);
  });

  test("is a document of AsyncAPI", () => {
    expect(JSON.parse(exportEvents(events, "asyncapi"))).toMatchObject({
      asyncapi: "3.0.0",
      channels: {
        events: { messages: { "order.paid": { name: "order.paid", payload: { schema: { type: "object" } } } } },
      },
      operations: { emit: { messages: [{ $ref: "#/channels/events/messages/order.paid" }] } },
    });
  });

  test("is types, or a page", () => {
    expect(exportEvents(events, "types")).toBe(`/** Payloads by the kind of their event. */
export interface EventPayloads {
  /** An order was paid. */
  "order.paid": { "kind": "order.paid" } & {
    id: string;
    total: number;
    by?: "app" | "web";
    lines: ({
      sku: string;
    })[];
  };
}
`);
    expect(exportEvents(events, "markdown")).toMatch(
      /^# Events\n\n1 kinds, named by `kind`\. Others: warn\.\n\n## order\.paid\n\nAn order was paid\./,
    );
  });
});

describe("a schema that is inferred from payloads", () => {
  const payloads = Array.from({ length: 12 }, (_, n) => ({
    kind: "order.paid",
    id: `order number ${n}`,
    total: n % 2 === 0 ? n : n + 0.5,
    by: n % 2 === 0 ? "app" : "web",
    ...(n > 3 ? { note: n > 8 ? null : "text" } : {}),
    lines: [{ sku: "a".repeat(n + 1) }],
  }));

  test("takes all of them, and says what is always there", () => {
    const schema = inferSchema(payloads);
    expect(schema).toEqual({
      type: "object",
      properties: {
        kind: { type: "string", enum: ["order.paid"] },
        id: { type: "string" },
        total: { type: "number" },
        by: { type: "string", enum: ["app", "web"] },
        note: { type: ["null", "string"] },
        lines: { type: "array", items: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } },
      },
      required: ["kind", "id", "total", "by", "lines"],
    });
    const check = compileJsonSchema(schema, undefined, new Faults());
    expect(payloads.filter((payload) => check(payload) !== undefined)).toEqual([]);
  });
});
