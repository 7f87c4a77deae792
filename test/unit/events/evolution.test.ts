import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { diffText } from "../../../infra/cli/events/report-text.ts";
import { diffEvents } from "../../../infra/events/diff.ts";
import { compareSchemas } from "../../../infra/events/diff-schemas.ts";
import { exportEvents } from "../../../infra/events/export.ts";
import { inferSchema } from "../../../infra/events/infer.ts";
import { withJsonSchemas } from "../../../infra/events/read-definition.ts";
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
    ["a member less", object({ a: string }), object({}), ["consumers: $.a is no longer described"]],
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
    [
      "what a reference leads to whose words stay",
      { ...object({ a: object({ b: { $ref: "#/$defs/b" } }) }), $defs: { b: { minimum: 1 } } },
      { ...object({ a: object({ b: { $ref: "#/$defs/b" } }) }), $defs: { b: { minimum: 2 } } },
      ["producers: $.a.b has minimum 2, was 1"],
    ],
    [
      "what an alternative refers to",
      { anyOf: [{ $ref: "#/$defs/b" }, { type: "null" }], $defs: { b: { minimum: 1 } } },
      { anyOf: [{ $ref: "#/$defs/b" }, { type: "null" }], $defs: { b: { minimum: 2 } } },
      ["producers+consumers: $ has another anyOf"],
    ],
    [
      "a rule beside a reference",
      { ...object({ a: { $ref: "#/$defs/b" } }), $defs: { b: { minimum: 1 } } },
      { ...object({ a: { $ref: "#/$defs/b", maximum: 5 } }), $defs: { b: { minimum: 1 } } },
      ["producers: $.a has other rules beside its $ref"],
    ],
    [
      "a closed object",
      object({ a: string }),
      { ...object({ a: string }), unevaluatedProperties: false },
      ["producers: $ has another unevaluatedProperties"],
    ],
    [
      "a schema that contains itself twice",
      { ...object({ left: { $ref: "#" }, right: { $ref: "#" }, size: { minimum: 1 } }) },
      { ...object({ left: { $ref: "#" }, right: { $ref: "#" }, size: { minimum: 2 } }) },
      ["producers: $.size has minimum 2, was 1"],
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("is reported by kind, with changes of kinds and of their checks", () => {
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
        "(all kinds)",
        "  breaks producers               kinds that are not defined: warn is now reject",
        "checked",
        "  breaks producers               check warn is now reject",
        "  breaks producers               $.id is new and required",
        "fresh",
        "  breaks producers               is new: its events were taken unchecked, and are now rejected if they do not match",
        "gone",
        "  breaks producers and consumers is no longer defined",
        "5 changes: 5 breaking for producers, 1 for consumers",
      ].join("\n"),
    );
    expect(diffText(diffEvents(after, after))).toBe("nothing changes");
  });
});

describe("a change of what applies to all kinds", () => {
  const kinds = { paid: v.object({ id: v.string() }) };
  const define = (...given: Parameters<typeof defineEvents>) => withJsonSchemas(defineEvents(...given));
  const told = (...[before, after]: Parameters<typeof diffEvents>) =>
    diffEvents(before, after).flatMap(({ kind, changes }) =>
      changes.map(({ what, breaks }) => `${kind ?? "all"}: ${breaks.join("+") || "nobody"}: ${what}`),
    );

  test("breaks producers if undefined kinds are rejected now, and consumers if they are accepted again", () => {
    const [reject, warn, off] = (["reject", "warn", "off"] as const).map((unknown) => define(kinds, { unknown }));
    expect(told(warn, reject)).toEqual(["all: producers: kinds that are not defined: warn is now reject"]);
    expect(told(reject, off)).toEqual(["all: consumers: kinds that are not defined: reject is now off"]);
    expect(told(off, warn)).toEqual(["all: nobody: kinds that are not defined: off is now warn"]);
  });

  test("breaks both if another member names the kind, but no producer if nothing is rejected", () => {
    const what = 'kinds are named by "type" now, by "kind" before';
    const [before, after] = [define(kinds), define(kinds, { kind: "type" })];
    expect(told(before, after)).toEqual([`all: producers+consumers: ${what}`]);
    const lenient = define(kinds, { kind: "type", check: "warn" });
    expect(told(define(kinds, { check: "warn" }), lenient)).toEqual([`all: consumers: ${what}`]);
  });

  test("of the default check is reported for each kind without a check of its own", () => {
    const mixed = { ...kinds, own: { schema: v.object({}), check: "off" as const } };
    const [reject, warn] = [define(mixed), define(mixed, { check: "warn" })];
    expect(told(reject, warn)).toEqual(["paid: consumers: check reject is now warn"]);
    expect(told(warn, reject)).toEqual(["paid: producers: check warn is now reject"]);
  });

  test("may be the first or the last definition", () => {
    const some = define({ ...kinds, seen: { schema: v.object({}), check: "warn" } });
    expect(told(undefined, some)).toEqual([
      "all: nobody: kinds that are not defined: off is now warn",
      "paid: producers: is new: its events were taken unchecked, and are now rejected if they do not match",
      "seen: nobody: is new",
    ]);
    expect(told(some, undefined)).toEqual([
      "all: nobody: kinds that are not defined: warn is now off",
      "paid: consumers: is no longer defined",
      "seen: consumers: is no longer defined",
    ]);
    expect(told(undefined, undefined)).toEqual([]);
  });

  test("may add a kind without breaking anybody if undefined kinds were rejected", () => {
    const [before, after] = [define({}, { unknown: "reject" }), define(kinds, { unknown: "reject" })];
    expect(told(before, after)).toEqual(["paid: nobody: is new"]);
    expect(told(after, before)).toEqual(["paid: producers+consumers: is no longer defined"]);
  });

  test("does not include a kind's version, whose change breaks nobody", () => {
    const version = (version: string) => define({ paid: { schema: kinds.paid, version } });
    expect(told(version("1"), version("2"))).toEqual(["paid: nobody: has version 2, was 1"]);
  });
});

describe("a definition can be printed", () => {
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

  test("as a configuration that makes the same checks", () => {
    const { events: checker } = compileRoutes({ routes: [], ...JSON.parse(exportEvents(events, "json-schema")) });
    const kind = checker?.kinds.get("order.paid");
    expect(kind).toMatchObject({ check: "warn", description: "An order was paid.", key: "$.id" });
    expect(kind?.faultsOf({ kind: "order.paid", id: 1, total: 1, lines: [{}] })).toEqual([
      { path: ["id"], message: "must be a string, got a number" },
      { path: ["lines", 0, "sku"], message: "is required" },
    ]);
  });

  test("as an AsyncAPI document", () => {
    expect(JSON.parse(exportEvents(events, "asyncapi"))).toMatchObject({
      asyncapi: "3.0.0",
      channels: {
        events: { messages: { "order.paid": { name: "order.paid", payload: { schema: { type: "object" } } } } },
      },
      operations: { emit: { messages: [{ $ref: "#/channels/events/messages/order.paid" }] } },
    });
  });

  test("as TypeScript types, or as a page", () => {
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

  test("accepts all of them, and requires what all of them have", () => {
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
