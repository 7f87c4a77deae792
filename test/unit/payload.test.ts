import { describe, expect, test } from "vitest";
import { EmitError } from "../../schema/contract/emit-error.ts";
import { encodePayload } from "../../schema/payload/encode.ts";
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "../../schema/vocabulary/limits.ts";

const nested = (depth: number) => {
  let value: object = {};
  for (let level = 1; level < depth; level++) value = { a: value };
  return value;
};

describe("a payload", () => {
  test("is measured in bytes of UTF-8, not in characters", () => {
    expect(encodePayload({ a: "é😀" }, "event")).toEqual({
      payload: { a: "é😀" },
      json: '{"a":"é😀"}',
      bytes: 14,
      values: 1,
    });
  });

  test("is counted in members and elements at any depth", () => {
    expect(encodePayload({}, "event").values).toBe(0);
    expect(encodePayload({ a: [1, "x", [null, {}], { b: { c: true } }] }, "event").values).toBe(9);
  });

  test("can be nested up to the limit, and no deeper", () => {
    expect(() => encodePayload(nested(MAX_PAYLOAD_DEPTH), "event")).not.toThrow();
    expect(() => encodePayload(nested(MAX_PAYLOAD_DEPTH + 1), "event")).toThrow(
      /nested deeper than 500 levels, or a cycle$/,
    );
  });

  test("can be as large as the limit in bytes, and no larger, even with multi-byte characters", () => {
    const room = MAX_PAYLOAD_BYTES - '{"t":""}'.length;
    for (const [unit, bytes] of [
      ["x", 1],
      ["é", 2],
      ["😀", 4],
    ] as const) {
      const full = unit.repeat(Math.floor(room / bytes)) + "x".repeat(room % bytes);
      expect(encodePayload({ t: full }, "event").bytes).toBe(MAX_PAYLOAD_BYTES);
      expect(() => encodePayload({ t: `${full}x` }, "event")).toThrow(/^\[too_large\] event: /);
    }
  });

  test.each([
    [1e300, 301],
    [-1e300, 302],
    [1e21, 22],
    [1e20, 21],
    [1.5e-7, "0.00000015".length],
    [-1.5e-7, "-0.00000015".length],
    [5e-324, "0.".length + 324],
    [1e-6, "0.000001".length],
    [Number.MAX_VALUE, 309],
    [-0, 1],
  ])("is measured with the number %d as Postgres writes it, without an exponent", (number, length) => {
    expect(encodePayload({ n: number }, "event").bytes).toBe('{"n":}'.length + length);
  });

  test("is refused if its numbers would fill the database's memory", () => {
    const numbers = (count: number) => ({ a: Array(count).fill(1e300) });
    expect(encodePayload(numbers(3_000), "event").bytes).toBeLessThan(MAX_PAYLOAD_BYTES);
    expect(() => encodePayload(numbers(4_000), "event")).toThrow(/^\[too_large\] event: /);
  });

  test("can have any JSON key and value, even those that JavaScript treats specially", () => {
    const payload = JSON.parse('{"__proto__": {"constructor": 1}, "toString": null, "": [[], {}]}');
    expect(encodePayload(payload, "event").json).toBe('{"__proto__":{"constructor":1},"toString":null,"":[[],{}]}');
  });

  test("can have texts that look like refused escapes", () => {
    const payload = { "\\u0000": "\\ud83d", a: ["\\\\u0000", "\u0001", "😀"] };
    expect(JSON.parse(encodePayload(payload, "event").json)).toEqual(payload);
  });

  test("can be an object without a prototype", () => {
    expect(encodePayload(Object.assign(Object.create(null), { a: 1 }), "event").json).toBe('{"a":1}');
  });

  test.each([
    [{ list: Object.assign(Array(3), { 0: 1, 2: 3 }) }, "events[2].list[1]: JSON cannot hold undefined"],
    [{ "a b": { c: Symbol("s") } }, 'events[2]["a b"].c: JSON cannot hold a symbol'],
    [{ a: new Uint8Array(1) }, "events[2].a: JSON cannot hold an Uint8Array"],
    [{ a: Object.create({ b: 1 }) }, "events[2].a: JSON cannot hold an Object"],
    [{ "k\0": undefined }, 'events[2]: the key "k\\u0000": contains U+0000, which Postgres cannot store'],
    [{ a: ["x\0"], b: Symbol("s") }, "events[2].a[0]: contains U+0000, which Postgres cannot store"],
    [{ a: { b: "\ud83d" } }, "events[2].a.b: contains half of a surrogate pair, which is not Unicode text"],
    [
      { a: ["\ude00\ud83d"], b: Number.NaN },
      "events[2].a[0]: contains half of a surrogate pair, which is not Unicode text",
    ],
    [{ a: Number.NaN, b: "x\0" }, "events[2].a: JSON has no NaN"],
    [{ a: { b: Number.NEGATIVE_INFINITY } }, "events[2].a.b: JSON has no -Infinity"],
    [{ "k\0": 1 }, 'events[2]: the key "k\\u0000": contains U+0000, which Postgres cannot store'],
    [new (class Order {})(), "events[2]: payload must be a JSON object, got an Order"],
    [undefined, "events[2]: payload must be a JSON object, got undefined"],
    [5, "events[2]: payload must be a JSON object, got a number"],
  ])("is refused with the place of the fault: %#", (payload, message) => {
    expect(() => encodePayload(payload, "events[2]")).toThrow(new EmitError("invalid_payload", message));
  });
});
