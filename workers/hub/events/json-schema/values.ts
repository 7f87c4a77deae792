import type { JsonValue } from "../../../../schema/contract/index.ts";
import { codePoints } from "../../../../schema/text/unicode.ts";
import type { Check } from "./check.ts";
import { equal } from "./equal.ts";

/** The types of JSON Schema. */
export const TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"] as const;
export type TypeName = (typeof TYPES)[number];

const NAMES: Readonly<Record<TypeName, string>> = {
  null: "null",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  number: "a number",
  string: "a string",
  integer: "an integer",
};

/** The type of a value. An integer is a `number`. */
export function typeOf(value: JsonValue): Exclude<TypeName, "integer"> {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as "boolean" | "object" | "number" | "string";
}

/** Each test is spelt out for speed, because types are checked most often. */
const IS: Readonly<Record<TypeName, (value: JsonValue) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: (value) => Array.isArray(value),
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
};

/** `type`. The message names only types, because payloads are private. */
export function checkType(types: readonly TypeName[]): Check {
  const words = types.map((type) => NAMES[type]).join(" or ");
  const tests = types.map((type) => IS[type]);
  const [first = () => false] = tests;
  const holds = tests.length === 1 ? first : (value: JsonValue) => tests.some((test) => test(value));
  return (value, step, report) => holds(value) || !!report?.add(step, `must be ${words}, got ${gotOf(value)}`);
}

function gotOf(value: JsonValue): string {
  const type = typeOf(value);
  return type === "boolean" ? "a boolean" : NAMES[type];
}

const MAX_SHOWN = 10;

const shown = (values: readonly JsonValue[]) =>
  values
    .slice(0, MAX_SHOWN)
    .map((value) => JSON.stringify(value))
    .join(", ") + (values.length > MAX_SHOWN ? ", ..." : "");

/** `enum` and `const`. */
export function checkValues(values: readonly JsonValue[]): Check {
  const simple = new Set<JsonValue>(values.filter((value) => typeof value !== "object" || value === null));
  const others = values.filter((value) => typeof value === "object" && value !== null);
  const words = values.length === 1 ? `must be ${shown(values)}` : `must be one of ${shown(values)}`;
  return (value, step, report) =>
    simple.has(value) ||
    (others.length > 0 && others.some((other) => equal(value, other))) ||
    !!report?.add(step, words);
}

/** The bounds of a number. */
export function checkNumber(holds: (value: number) => boolean, words: string): Check {
  return (value, step, report) => typeof value !== "number" || holds(value) || !!report?.add(step, words);
}

/** `multipleOf`, calculated with decimal numbers: 0.0075 is a multiple of 0.0001. */
export function isMultiple(value: number, divisor: number): boolean {
  const quotient = value / divisor;
  return Number.isFinite(quotient) && Number.isInteger(Number(quotient.toPrecision(15)));
}

/** `minLength` and `maxLength`, in Unicode code points. */
export function checkLength(min: number, max: number): Check {
  return (value, step, report) => {
    if (typeof value !== "string") return true;
    // A code point has one or two units, so most strings need no counting.
    if (value.length < min || (value.length < 2 * min && codePoints(value) < min))
      return !!report?.add(step, min === 1 ? "must not be empty" : `must have at least ${min} characters`);
    if (value.length > max && codePoints(value) > max)
      return !!report?.add(step, `must have at most ${max} characters`);
    return true;
  };
}

/** A check of strings, for a pattern or a format. */
export function checkText(holds: (text: string) => boolean, words: string): Check {
  return (value, step, report) => typeof value !== "string" || holds(value) || !!report?.add(step, words);
}
