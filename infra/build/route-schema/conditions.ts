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

/** Every operator: what it takes, and what it says of a value that the path finds. */
const OPERATORS: Readonly<Record<OperatorName, Schema>> = {
  exact: { ...primitive, description: "It is this value: type and all." },
  equalsIgnoreCase: { ...string, description: "It is this text, in whatever case." },
  in: { ...list(primitive), description: "It is one of these values." },
  anythingBut: { ...exclusion, description: "It is none of these values, or has none of these beginnings or ends." },
  prefix: { ...string, description: "It is a text that begins so." },
  suffix: { ...string, description: "It is a text that ends so." },
  contains: { ...primitive, description: "It is a text with this in it, or an array with this member." },
  wildcard: { ...pattern, description: "It is a text like this one, in which `*` stands for any characters." },
  match: { ...pattern, description: "It is a text that this regular expression finds; anchor it with ^ and $." },
  exists: { type: "boolean", description: "The path finds something; with false, it finds nothing." },
  lt: { ...number, description: "It is a number below this one." },
  lte: { ...number, description: "It is this number or one below." },
  gt: { ...number, description: "It is a number above this one." },
  gte: { ...number, description: "It is this number or one above." },
  between: {
    anyOf: [range(number), range(string)],
    description: 'It is within two ends: numbers, or ISO 8601 times, e.g. {"gte": 1, "lt": 10}.',
  },
  length: {
    anyOf: [count, record({ exact: count, lt: count, lte: count, gt: count, gte: count }, { min: 1 })],
    description: "It is a text of so many characters, or an array of so many members.",
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

/** A route's `condition`: one operator on what a path finds, or conditions put together. */
export const CONDITION: Schema = {
  type: "object",
  description: "What an event must satisfy.",
  properties: {
    path: text(
      MAX_PATH_LENGTH,
      "RFC 9535 JSONPath of what is looked at, e.g. $.kind, $.items[*].price. It finds an array, not its members: for those write [*].",
    ),
    ...OPERATORS,
    ignoreCase: { type: "boolean", default: false, description: "Compare letters without regard to case." },
    quantifier: {
      ...oneOf(
        {
          any: "At least one value that the path finds satisfies the operator.",
          all: "All of them do, and there is one.",
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
