import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Faults } from "../../../schema/config/faults.ts";
import type { JsonValue } from "../../../schema/contract/index.ts";
import { compileJsonSchema } from "../../../workers/hub/events/json-schema/compile.ts";
import { ROOT } from "../../support/wrangler-config.ts";

interface Group {
  description: string;
  schema: unknown;
  tests: { description: string; data: JsonValue; valid: boolean }[];
}

const { files } = JSON.parse(readFileSync(join(ROOT, "test", "cases", "json-schema-2020-12.json"), "utf8")) as {
  files: Record<string, Group[]>;
};

/** Runs the suite for a schema: wrong answers, and tests of schemas that are refused. */
function run({ description, schema, tests }: Group) {
  const faults = new Faults();
  const check = compileJsonSchema(schema, undefined, faults, { formats: false });
  if (faults.list.length > 0)
    return { wrong: [], refused: tests.length, why: faults.list.map(({ message }) => message) };
  const wrong = tests.filter(({ data, valid }) => (check(data) === undefined) !== valid);
  return { wrong: wrong.map((one) => `${description}: ${one.description}`), refused: 0, why: [] };
}

describe("the test suite of JSON Schema, draft 2020-12", () => {
  const outcomes = Object.values(files).flatMap((groups) => groups.map(run));

  test("gets no wrong answer", () => {
    expect(outcomes.flatMap(({ wrong }) => wrong)).toEqual([]);
  });

  test("passes, except for schemas that are refused with a reason", () => {
    const all = Object.values(files).flatMap((groups) => groups.flatMap(({ tests }) => tests)).length;
    const refused = outcomes.reduce((sum, outcome) => sum + outcome.refused, 0);
    expect({ all, passed: all - refused, refused }).toEqual({ all: 1_299, passed: 1_220, refused: 79 });
    const reasons = new Set(outcomes.flatMap(({ why }) => why.map((text) => text.replace(/: [^/].*|, got .*/, ""))));
    expect([...reasons].sort()).toEqual([
      "is beyond RE2",
      "leads to an anchor that several schemas have, which is not supported",
      "leads to nothing in this schema",
      "must be https://json-schema.org/draft/2020-12/schema",
    ]);
  });
});

describe("the message about an invalid value", () => {
  const faultsOf = (schema: unknown, value: JsonValue) => {
    const faults = new Faults();
    const found = compileJsonSchema(schema, undefined, faults)(value);
    expect(faults.list).toEqual([]);
    return found?.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };

  test("contains every fault with its place at once", () => {
    const schema = {
      type: "object",
      properties: {
        id: { type: "string", minLength: 3, pattern: "^o-" },
        total: { type: "integer", minimum: 0, multipleOf: 5 },
        currency: { enum: ["EUR", "USD"] },
        at: { format: "date-time" },
        lines: {
          type: "array",
          maxItems: 2,
          items: { required: ["sku"], additionalProperties: false, properties: { sku: true } },
        },
      },
      required: ["id", "total", "by"],
    };
    expect(
      faultsOf(schema, { id: "a", total: -1, currency: "JPY", at: "today", lines: [{ sku: 1 }, { n: 1 }, {}] })?.sort(),
    ).toEqual([
      "at: must be of the format date-time",
      "by: is required",
      'currency: must be one of "EUR", "USD"',
      "id: must have at least 3 characters",
      "id: must match ^o-",
      "lines.1.n: is not known",
      "lines.1.sku: is required",
      "lines.2.sku: is required",
      "lines: must have at most 2 items",
      "total: must be a multiple of 5",
      "total: must be at least 0",
    ]);
  });

  test("names the fault against the nearest of several schemas", () => {
    const card = { properties: { way: { const: "card" }, number: { type: "string" } }, required: ["way", "number"] };
    const cash = { properties: { way: { const: "cash" } }, required: ["way"], additionalProperties: false };
    expect(faultsOf({ oneOf: [card, cash] }, { way: "card", number: 5 })).toEqual([
      "number: must be a string, got a number",
      ": fits none of 2 schemas: the nearest has these faults",
    ]);
    expect(faultsOf({ oneOf: [{}, {}] }, 1)).toEqual([": must fit one of 2 schemas, but fits 2"]);
  });

  test("quotes nothing of the value", () => {
    expect(faultsOf({ type: ["string", "null"] }, 5)).toEqual([": must be a string or null, got a number"]);
    expect(faultsOf({ const: { a: [1] } }, "secret")).toEqual([': must be {"a":[1]}']);
  });

  test("is found in linear time, whatever the pattern", () => {
    expect(faultsOf({ pattern: "^(a+)+$" }, `${"a".repeat(50_000)}b`)).toEqual([": must match ^(a+)+$"]);
  });
});

test.each([
  [
    "date-time",
    ["2026-11-29T01:02:03Z", "2026-11-29t01:02:03.5+01:00"],
    ["2026-11-29", "2026-02-30T00:00:00Z", "2026-11-29T25:00:00Z"],
  ],
  ["date", ["2026-11-29"], ["2026-11-31", "29.11.2026"]],
  ["email", ["a@example.com"], ["a", "a@b c"]],
  ["uuid", ["01890a5d-ac96-774b-bcce-b302099a8057"], ["01890a5d"]],
  ["ipv4", ["10.0.0.1"], ["10.0.0.256"]],
  ["ipv6", ["::1"], ["::g"]],
  ["uri", ["https://example.com/a?b#c", "urn:a:b"], ["example.com", "a b:c"]],
  ["of somebody's own", ["anything"], []],
])("the format %s is checked if it is known", (format, right, wrong) => {
  const check = compileJsonSchema({ format }, undefined, new Faults());
  expect([...right, ...wrong].filter((text) => check(text) === undefined)).toEqual(right);
});
