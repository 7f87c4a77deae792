import fc from "fast-check";
import type { Condition } from "../../../schema/config/conditions.ts";
import { IGNORE_CASE_OPERATORS, type OperatorName } from "../../../schema/config/operands.ts";
import type { RouteInput } from "../../../schema/config/routes.ts";
import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import { spelledPath } from "./spellings.ts";

// Few names and few values, so that rules and payloads meet. Some of the names are more than data to JavaScript.
const NAMES = ["a", "b", "c", "__proto__", "constructor", "length", "toString", "0", "c d", "é"];
const TEXTS = [
  "",
  "a",
  "ab",
  "abc",
  "b",
  "bc",
  "c",
  "A",
  "Ab",
  "*",
  "a*c",
  "\\",
  "K",
  "k",
  "\u212a",
  "ſ",
  "S",
  "σ",
  "ς",
  "Σ",
  "é",
  "e\u0301",
  "😀",
  "a😀",
];
const NUMBERS = [0, -0, 1, 2, 3, -1, 0.5, 1e21, Number.MAX_SAFE_INTEGER + 1, 2 ** 53];
const TIMES = [
  "2026-01-01",
  "2026-01-01T00:00:00Z",
  "2026-01-01T01:00:00+01:00",
  "2026-06-30T12:00:00.5Z",
  "2027-01-01T00:00:00Z",
];
const ADDRESSES = [
  "10.0.0.1",
  "10.1.2.3",
  "11.0.0.1",
  "::1",
  "2001:db8::1",
  "2001:db8:1::",
  "::ffff:10.0.0.1",
  "010.0.0.1",
  "1.2.3",
];
const BLOCKS = [
  "10.0.0.0/8",
  "10.1.0.0/16",
  "10.0.0.1",
  "0.0.0.0/0",
  "::/0",
  "2001:db8::/32",
  "::ffff:10.0.0.0/104",
  "::1/128",
];
const PATTERNS = [
  "a",
  "^a",
  "c$",
  "^ab$",
  "a.c",
  "^a(b|c)",
  "[a-c]+$",
  "\\*",
  "^.$",
  "b|c",
  "^$",
  "k",
  "(?:ab)*c",
  "^[^]*$",
  "\\w\\W?",
];
const WILDCARDS = ["*", "a*", "*c", "*b*", "a*c", "a\\*c", "\\\\", "", "**", "a*b*c", "😀*", "K*"];
// The length() of json-p3 counts UTF-16 code units, not code points, so no text with an emoji may lie on different sides of 3 in the two counts.
const PATHS = [
  "$.a",
  "$.b",
  "$.c",
  "$.a.b",
  "$.a.b.c",
  "$.a[0]",
  "$.a[-1]",
  "$.a[1].b",
  "$.a[*]",
  "$.a[*].b",
  "$[*]",
  "$.*.a",
  "$..a",
  "$..*",
  "$",
  "$.__proto__",
  "$.constructor",
  "$.a.length",
  "$.length",
  "$.toString",
  '$["c d"]',
  '$["é"]',
  '$["0"]',
  "$.a[0:2]",
  "$.a[::-1]",
  '$["a","b"]',
  "$.a[?@.b]",
  "$.a[?@ > 1]",
  '$.a[?@.b == "a"].c',
  "$[?length(@) > 3]",
  '$.a[?search(@, "b")]',
  "$.b[?@ < $.a]",
  "$.b[?count(@.*) == 1]",
  "$.__proto__.a",
  "$.a.__proto__",
  "$.b.a",
  "$.c.a",
  "$.b.c",
];

export const text = fc.constantFrom(...TEXTS, ...TIMES, ...ADDRESSES);
const number = fc.constantFrom(...NUMBERS);
export const primitive = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** Payloads in which every name is an own member. */
export const payload: fc.Arbitrary<EventPayload> = fc.letrec<{ value: JsonValue; object: EventPayload }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    primitive,
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...NAMES), tie("value")), { maxLength: 5 })
    .map((members) =>
      JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`),
    ),
})).object;

const count = fc.nat(4);
const numericBounds = fc
  .record({ exact: count, lt: count, lte: count, gt: count, gte: count }, { requiredKeys: [] })
  .filter((bounds) => Object.keys(bounds).length > 0);

function range<T extends number | string>(ends: readonly T[], order: (one: T, other: T) => number) {
  return fc
    .tuple(
      fc.constantFrom(...ends),
      fc.constantFrom(...ends),
      fc.constantFrom("gt", "gte"),
      fc.constantFrom("lt", "lte"),
    )
    .map(([one, other, low, high]) => {
      const [first, last] = order(one, other) <= 0 ? [one, other] : [other, one];
      return { [low]: first, [high]: last };
    });
}

/** The operands of each operator. */
const OPERANDS: Readonly<Record<OperatorName, fc.Arbitrary<unknown>>> = {
  exact: primitive,
  equalsIgnoreCase: text,
  in: fc.array(primitive, { maxLength: 4 }),
  prefix: text,
  suffix: text,
  contains: primitive,
  wildcard: fc.constantFrom(...WILDCARDS),
  match: fc.constantFrom(...PATTERNS),
  anythingBut: fc.oneof(
    primitive,
    fc.array(primitive, { maxLength: 3 }),
    fc.record({ prefix: fc.oneof(text, fc.array(text, { maxLength: 3 })) }),
    fc.record({ suffix: text }),
    fc.record({ wildcard: fc.constantFrom(...WILDCARDS) }),
  ),
  exists: fc.boolean(),
  lt: number,
  lte: number,
  gt: number,
  gte: number,
  between: fc.oneof(
    range(NUMBERS, (one, other) => one - other),
    range(TIMES, (one, other) => Date.parse(one) - Date.parse(other)),
  ),
  length: fc.oneof(count, numericBounds),
  cidr: fc.oneof(fc.constantFrom(...BLOCKS), fc.array(fc.constantFrom(...BLOCKS), { maxLength: 3 })),
};

const operator = fc.oneof(...Object.entries(OPERANDS).map(([name, operand]) => fc.record({ [name]: operand })));

const FOLDABLE: ReadonlySet<string> = IGNORE_CASE_OPERATORS;

const comparatorOn = (path: fc.Arbitrary<string>) =>
  fc
    .tuple(path, operator, fc.boolean(), fc.option(fc.constantFrom("any", "all", "none")))
    .map(([path, operator, ignoreCase, quantifier]) => {
      const [name = ""] = Object.keys(operator);
      return {
        path,
        ...operator,
        ...(ignoreCase && FOLDABLE.has(name) && { ignoreCase }),
        ...(quantifier !== null && name !== "exists" && { quantifier }),
      } as Condition;
    });

const conditionOn = (path: fc.Arbitrary<string>): fc.Arbitrary<Condition> =>
  fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      comparatorOn(path),
      fc.record({ allOf: fc.array(tie("condition"), { maxLength: 4 }) }),
      fc.record({ anyOf: fc.array(tie("condition"), { maxLength: 4 }) }),
      fc.record({ not: tie("condition") }),
    ),
  })).condition;

const routeOn = (path: fc.Arbitrary<string>): fc.Arbitrary<RouteInput> =>
  fc.record(
    {
      destination: fc.constantFrom("A", "B"),
      condition: conditionOn(path),
      enabled: fc.constantFrom(true, true, true, false),
    },
    { requiredKeys: ["destination"] },
  );

/** Up to 60 valid routes, over many paths. */
export const routes = fc.array(routeOn(fc.constantFrom(...PATHS)), { maxLength: 60, size: "max" });

/** Up to 200 routes over two paths, so that every lookup of the index finds many. */
export const crowdedRoutes = fc.array(routeOn(fc.constantFrom("$.a", "$.b[*]")), { maxLength: 200, size: "max" });

/** 150 to 400 routes over paths that share beginnings and come in every spelling. */
export const spelledRoutes = fc.array(routeOn(spelledPath), { minLength: 150, maxLength: 400, size: "max" });
