import { isRecord, show } from "../../../../schema/config/faults.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import { compilePattern } from "../../routing/operators/pattern.ts";
import { checkContains, checkItemCount, checkItems, checkUnevaluatedItems, checkUnique } from "./arrays.ts";
import { allOf, type Check } from "./check.ts";
import { FORMATS } from "./formats.ts";
import { anyOf, choose, inPlace, not, oneOf } from "./logic.ts";
import {
  checkBeside,
  checkCount,
  checkMembers,
  checkNames,
  checkRequired,
  checkUnevaluatedMembers,
} from "./objects.ts";
import {
  checkLength,
  checkNumber,
  checkText,
  checkType,
  checkValues,
  isMultiple,
  TYPES,
  type TypeName,
} from "./values.ts";

/** The schema that is being compiled, and the help that its keywords may call. */
export interface Reader {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly formats: boolean;
  refuse(keyword: string, message: string): void;
  /** Compiles a schema below this one. */
  below(keys: readonly (string | number)[], schema: unknown): Check;
  refer(keyword: string, reference: unknown): Check;
}

/** A keyword, or several that belong together. Returns their check, if the schema has them. */
type Keyword = (reader: Reader) => Check | readonly Check[] | undefined;

/** The value of a keyword. Reads own members only. */
const own = ({ schema }: Reader, keyword: string): unknown =>
  Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;

function numberOf(reader: Reader, keyword: string): number | undefined {
  const value = own(reader, keyword);
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
  reader.refuse(keyword, `must be a number, got ${show(value)}`);
  return undefined;
}

function listOf(reader: Reader, keyword: string): readonly unknown[] | undefined {
  const value = own(reader, keyword);
  if (value === undefined || Array.isArray(value)) return value;
  reader.refuse(keyword, `must be an array, got ${show(value)}`);
  return undefined;
}

function mapOf(reader: Reader, keyword: string): [string, unknown][] {
  const value = own(reader, keyword);
  if (isRecord(value)) return Object.entries(value);
  if (value !== undefined) reader.refuse(keyword, `must be an object, got ${show(value)}`);
  return [];
}

const schemaOf = (reader: Reader, keyword: string): Check | undefined =>
  own(reader, keyword) === undefined ? undefined : reader.below([keyword], own(reader, keyword));

const schemasOf = (reader: Reader, keyword: string): Check[] | undefined =>
  listOf(reader, keyword)?.map((one, index) => reader.below([keyword, index], one));

/** Returns `false` for the schema `false`, so that its message can name the member. */
const schemaOrFalse = (reader: Reader, keyword: string): Check | false | undefined =>
  own(reader, keyword) === false ? false : schemaOf(reader, keyword);

const type: Keyword = (reader) => {
  const given = own(reader, "type");
  if (given === undefined) return undefined;
  const types = Array.isArray(given) ? given : [given];
  if (types.every((one): one is TypeName => TYPES.includes(one))) return checkType(types);
  reader.refuse("type", `must be of ${TYPES.join(", ")}, got ${show(given)}`);
  return undefined;
};

const values: Keyword = (reader) => {
  const list = listOf(reader, "enum") as readonly JsonValue[] | undefined;
  const only = own(reader, "const") as JsonValue | undefined;
  return [...(list === undefined ? [] : [checkValues(list)]), ...(only === undefined ? [] : [checkValues([only])])];
};

type Bound = (limit: number) => readonly [holds: (value: number) => boolean, words: string];

const BOUNDS: Readonly<Record<string, Bound>> = {
  minimum: (limit) => [(value) => value >= limit, `must be at least ${limit}`],
  maximum: (limit) => [(value) => value <= limit, `must be at most ${limit}`],
  exclusiveMinimum: (limit) => [(value) => value > limit, `must be above ${limit}`],
  exclusiveMaximum: (limit) => [(value) => value < limit, `must be below ${limit}`],
  multipleOf: (limit) => [(value) => isMultiple(value, limit), `must be a multiple of ${limit}`],
};

const bounds: Keyword = (reader) =>
  Object.entries(BOUNDS).flatMap(([keyword, bound]) => {
    const limit = numberOf(reader, keyword);
    return limit === undefined ? [] : [checkNumber(...bound(limit))];
  });

/** A check of `min...` and `max...`, if the schema has one of them. */
const between =
  (thing: string, check: (min: number, max: number) => Check): Keyword =>
  (reader) => {
    const [min, max] = [numberOf(reader, `min${thing}`), numberOf(reader, `max${thing}`)];
    return min === undefined && max === undefined ? undefined : check(min ?? 0, max ?? Number.POSITIVE_INFINITY);
  };

function patternOf(reader: Reader, keyword: string, source: unknown): ((text: string) => boolean) | undefined {
  try {
    if (typeof source === "string") return compilePattern(source, false).test;
    reader.refuse(keyword, `must be a regular expression, got ${show(source)}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reader.refuse(keyword, error.message);
  }
  return undefined;
}

const pattern: Keyword = (reader) => {
  const source = own(reader, "pattern");
  const holds = source === undefined ? undefined : patternOf(reader, "pattern", source);
  return holds && checkText(holds, `must match ${String(source).slice(0, 200)}`);
};

const format: Keyword = (reader) => {
  const name = own(reader, "format");
  const holds = reader.formats && typeof name === "string" ? FORMATS[name] : undefined;
  return holds && checkText(holds, `must be of the format ${name}`);
};

const members: Keyword = (reader) => {
  const named = mapOf(reader, "properties").map(
    ([name, one]) => [name, reader.below(["properties", name], one)] as const,
  );
  const patterns = mapOf(reader, "patternProperties").flatMap(([source, one]) => {
    const matches = patternOf(reader, "patternProperties", source);
    return matches === undefined ? [] : [[matches, reader.below(["patternProperties", source], one)] as const];
  });
  const others = schemaOrFalse(reader, "additionalProperties");
  if (named.length + patterns.length === 0 && others === undefined) return undefined;
  return checkMembers({ named: new Map(named), patterns, others });
};

const names = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

const required: Keyword = (reader) => {
  const given = listOf(reader, "required");
  if (given !== undefined && !names(given)) reader.refuse("required", "must be a list of names");
  const beside = mapOf(reader, "dependentRequired").flatMap(([name, list]) =>
    names(list) ? checkRequired(list, name) : [],
  );
  return [...(given !== undefined && names(given) ? [checkRequired(given)] : []), ...beside];
};

const items: Keyword = (reader) => {
  const first = schemasOf(reader, "prefixItems");
  const rest = schemaOf(reader, "items");
  return first === undefined && rest === undefined ? undefined : checkItems(first ?? [], rest);
};

const contains: Keyword = (reader) => {
  const check = schemaOf(reader, "contains");
  const [min, max] = [numberOf(reader, "minContains"), numberOf(reader, "maxContains")];
  return check && checkContains(check, min ?? 1, max ?? Number.POSITIVE_INFINITY);
};

const logic: Keyword = (reader) => {
  const [all, any, one] = [schemasOf(reader, "allOf"), schemasOf(reader, "anyOf"), schemasOf(reader, "oneOf")];
  const denied = schemaOf(reader, "not");
  const condition = schemaOf(reader, "if");
  return [
    ...(all === undefined ? [] : [allOf(all.map(inPlace))]),
    ...(any === undefined ? [] : [anyOf(any)]),
    ...(one === undefined ? [] : [oneOf(one)]),
    ...(denied === undefined ? [] : [not(denied)]),
    ...(condition === undefined ? [] : [choose(condition, schemaOf(reader, "then"), schemaOf(reader, "else"))]),
  ];
};

const references: Keyword = (reader) =>
  ["$ref", "$dynamicRef"].flatMap((keyword) => {
    const reference = own(reader, keyword);
    return reference === undefined ? [] : [inPlace(reader.refer(keyword, reference))];
  });

const beside: Keyword = (reader) =>
  mapOf(reader, "dependentSchemas").map(([name, one]) =>
    checkBeside(name, inPlace(reader.below(["dependentSchemas", name], one))),
  );

const nameOf: Keyword = (reader) => {
  const check = schemaOf(reader, "propertyNames");
  return check && checkNames(check);
};

const unique: Keyword = (reader) => (own(reader, "uniqueItems") === true ? checkUnique() : undefined);

/** All keywords. Those that are cheap and fail often come first. */
export const KEYWORDS: readonly Keyword[] = [
  type,
  values,
  bounds,
  between("Length", checkLength),
  between("Items", checkItemCount),
  between("Properties", checkCount),
  required,
  pattern,
  format,
  members,
  items,
  contains,
  unique,
  nameOf,
  beside,
  references,
  logic,
];

/** `unevaluatedProperties` and `unevaluatedItems`, which come after all others. */
export function wrapUnevaluated(checks: Check, reader: Reader): Check {
  const otherItems = schemaOf(reader, "unevaluatedItems");
  const withItems = otherItems === undefined ? checks : checkUnevaluatedItems(checks, otherItems);
  const others = schemaOrFalse(reader, "unevaluatedProperties");
  return others === undefined ? withItems : checkUnevaluatedMembers(withItems, others);
}
