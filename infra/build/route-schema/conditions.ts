import { IGNORE_CASE_OPERATORS, OPERATOR_NAMES, type OperatorName } from "../../../schema/config/operands.ts";
import { MAX_LIST_VALUES, MAX_PATH_LENGTH, MAX_PATTERN_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { oneOf, type Schema, text, when } from "./json-schema.ts";

const primitive: Schema = { type: ["string", "number", "boolean", "null"] };
const list = (items: Schema): Schema => ({ type: "array", items, maxItems: MAX_LIST_VALUES });
const oneOrList = (member: Schema): Schema => ({ anyOf: [member, list(member)] });
const string: Schema = { type: "string" };
const pattern: Schema = { type: "string", maxLength: MAX_PATTERN_LENGTH };
const count: Schema = { type: "integer", minimum: 0 };
const number: Schema = { type: "number" };

const record = (properties: Record<string, Schema>, bounds: { min: number; max?: number }): Schema => ({
  type: "object",
  properties,
  additionalProperties: false,
  minProperties: bounds.min,
  ...(bounds.max === undefined ? {} : { maxProperties: bounds.max }),
});

const range = (end: Schema): Schema => ({
  ...record({ gt: end, gte: end, lt: end, lte: end }, { min: 2, max: 2 }),
  allOf: [
    { oneOf: [{ required: ["gt"] }, { required: ["gte"] }] },
    { oneOf: [{ required: ["lt"] }, { required: ["lte"] }] },
  ],
});

const exclusion: Schema = {
  anyOf: [
    primitive,
    list(primitive),
    record({ prefix: oneOrList(string), suffix: oneOrList(string), wildcard: oneOrList(pattern) }, { min: 1, max: 1 }),
  ],
};

/** Every operator: its operand, and its meaning for a value at the path. */
const OPERATORS: Readonly<Record<OperatorName, Schema>> = {
  exact: { ...primitive, description: "It is this value, of the same type." },
  equalsIgnoreCase: { ...string, description: "It is this text, in any case." },
  in: { ...list(primitive), description: "It is one of these values." },
  anythingBut: { ...exclusion, description: "It is none of these values, or does not begin or end with any of these." },
  prefix: { ...string, description: "It is a text that begins with this." },
  suffix: { ...string, description: "It is a text that ends with this." },
  contains: { ...primitive, description: "It is a text that contains this, or an array with this member." },
  wildcard: { ...pattern, description: "It is a text that matches this one, in which `*` stands for any characters." },
  match: {
    ...pattern,
    description: "It is a text in which this regular expression finds a match; anchor it with ^ and $.",
  },
  exists: { type: "boolean", description: "The path finds something; with false, it finds nothing." },
  lt: { ...number, description: "It is a number below this one." },
  lte: { ...number, description: "It is this number or a lower one." },
  gt: { ...number, description: "It is a number above this one." },
  gte: { ...number, description: "It is this number or a higher one." },
  between: {
    anyOf: [range(number), range(string)],
    description: 'It is between two bounds: numbers, or ISO 8601 times, e.g. {"gte": 1, "lt": 10}.',
  },
  length: {
    anyOf: [count, record({ exact: count, lt: count, lte: count, gt: count, gte: count }, { min: 1 })],
    description: "It is a text with this many characters, or an array with this many members.",
  },
  cidr: {
    ...oneOrList(string),
    description: "It is an IP address in this block, e.g. 10.0.0.0/8, or in one of these.",
  },
};

const LOGIC = ["allOf", "anyOf", "not"] as const;
const condition: Schema = { $ref: "#/definitions/condition" };

const neverBeside = (key: string, names: readonly string[]): Schema => ({
  not: { required: [key], anyOf: names.map((name) => ({ required: [name] })) },
});

/** A route's `condition`: one operator for the values at a path, or a combination of conditions. */
export const CONDITION: Schema = {
  type: "object",
  description: "What an event must satisfy.",
  properties: {
    path: text(
      MAX_PATH_LENGTH,
      "RFC 9535 JSONPath of the value to compare, e.g. $.kind, $.items[*].price. It finds an array, not its members; for the members write [*].",
    ),
    ...OPERATORS,
    ignoreCase: { type: "boolean", default: false, description: "Compare letters without regard to case." },
    quantifier: {
      ...oneOf(
        {
          any: "At least one value that the path finds satisfies the operator.",
          all: "All of them do, and there is at least one.",
          none: "None of them does, or there is none.",
        },
        "How many of the values that the path finds must satisfy the operator.",
      ),
      default: "any",
    },
    allOf: { type: "array", items: condition, description: "All of these conditions hold." },
    anyOf: { type: "array", items: condition, description: "At least one of these conditions holds." },
    not: { allOf: [condition], description: "This condition does not hold." },
  },
  additionalProperties: false,
  oneOf: [...LOGIC, ...OPERATOR_NAMES].map((name) => ({ required: [name] })),
  allOf: [
    when({ anyOf: LOGIC.map((name) => ({ required: [name] })) }, { maxProperties: 1 }, { required: ["path"] }),
    neverBeside(
      "ignoreCase",
      OPERATOR_NAMES.filter((name) => !IGNORE_CASE_OPERATORS.has(name)),
    ),
    neverBeside("quantifier", ["exists"]),
  ],
};
