import { codePoints, isLonger } from "../text/unicode.ts";
import { MAX_LIST_VALUES, MAX_PATTERN_LENGTH } from "../vocabulary/limits.ts";
import { at, type Faults, isRecord, type Place, show } from "./faults.ts";

/** A value to compare with, in `exact`, `in` and `contains`. */
export type Primitive = string | number | boolean | null;

/** Bounds of a length: all that are given must hold. */
export interface NumberBounds {
  readonly exact?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
}

/** A range with two ends, which `gt` and `lt` exclude: numbers, or ISO 8601 times such as `2026-11-20T08:00:00Z`. */
export type Range<T extends number | string = number | string> = ({ readonly gt: T } | { readonly gte: T }) &
  ({ readonly lt: T } | { readonly lte: T });

/** What `anythingBut` excludes. */
export type Exclusion =
  | Primitive
  | readonly Primitive[]
  | { readonly prefix: string | readonly string[] }
  | { readonly suffix: string | readonly string[] }
  | { readonly wildcard: string | readonly string[] };

/** The operators and their operands. */
export interface Operators {
  readonly exact: Primitive;
  readonly equalsIgnoreCase: string;
  readonly in: readonly Primitive[];
  readonly anythingBut: Exclusion;
  readonly prefix: string;
  readonly suffix: string;
  readonly contains: Primitive;
  readonly wildcard: string;
  readonly match: string;
  readonly exists: boolean;
  readonly lt: number;
  readonly lte: number;
  readonly gt: number;
  readonly gte: number;
  readonly between: Range<number> | Range<string>;
  readonly length: number | NumberBounds;
  readonly cidr: string | readonly string[];
}

export type OperatorName = keyof Operators;

type Check = (operand: unknown, place: Place, faults: Faults) => void;

const isPrimitive = (value: unknown): boolean =>
  value === null || typeof value === "string" || typeof value === "boolean" || isNumber(value);

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const PRIMITIVE = "a string, a finite number, true, false or null";

const primitive: Check = (operand, place, faults) => {
  if (!isPrimitive(operand)) faults.add(place, `must be ${PRIMITIVE}, got ${show(operand)}`);
};

const string: Check = (operand, place, faults) => {
  if (typeof operand !== "string") faults.add(place, `must be a string, got ${show(operand)}`);
};

const number: Check = (operand, place, faults) => {
  if (!isNumber(operand)) faults.add(place, `must be a finite number, got ${show(operand)}`);
};

const boolean: Check = (operand, place, faults) => {
  if (typeof operand !== "boolean") faults.add(place, `must be true or false, got ${show(operand)}`);
};

const pattern: Check = (operand, place, faults) => {
  if (typeof operand !== "string") string(operand, place, faults);
  else if (isLonger(operand, MAX_PATTERN_LENGTH)) {
    faults.add(place, `must have at most ${MAX_PATTERN_LENGTH} characters, got ${codePoints(operand)}`);
  }
};

const list =
  (member: Check): Check =>
  (operand, place, faults) => {
    if (!Array.isArray(operand)) return faults.add(place, `must be an array, got ${show(operand)}`);
    if (operand.length > MAX_LIST_VALUES) {
      return faults.add(place, `must have at most ${MAX_LIST_VALUES} values, got ${operand.length}`);
    }
    for (let index = 0; index < operand.length; index++) member(operand[index], at(place, index), faults);
  };

const oneOrList =
  (member: Check): Check =>
  (operand, place, faults) =>
    (Array.isArray(operand) ? list(member) : member)(operand, place, faults);

/** Checks each key of an object operand with its own check. Ignores absent keys. */
function fields(
  operand: Readonly<Record<string, unknown>>,
  known: Record<string, Check>,
  place: Place,
  faults: Faults,
): void {
  for (const key of Object.keys(operand)) {
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (check === undefined) faults.add(at(place, key), "is not a known key");
    else check(operand[key], at(place, key), faults);
  }
}

const EXCLUSIONS = { prefix: oneOrList(string), suffix: oneOrList(string), wildcard: oneOrList(pattern) };

const exclusion: Check = (operand, place, faults) => {
  if (!isRecord(operand)) return oneOrList(primitive)(operand, place, faults);
  const before = faults.list.length;
  fields(operand, EXCLUSIONS, place, faults);
  if (faults.list.length === before && Object.keys(operand).length !== 1) {
    faults.add(place, `must be a value, a list, or an object with one of prefix, suffix and wildcard`);
  }
};

const count: Check = (operand, place, faults) => {
  if (!isNumber(operand) || !Number.isInteger(operand) || operand < 0) {
    faults.add(place, `must be an integer from 0, got ${show(operand)}`);
  }
};

const COUNT_BOUNDS = { exact: count, lt: count, lte: count, gt: count, gte: count };

const length: Check = (operand, place, faults) => {
  if (!isRecord(operand)) {
    if (typeof operand === "number") count(operand, place, faults);
    else faults.add(place, `must be a number or an object such as {"gte": 1}, got ${show(operand)}`);
    return;
  }
  fields(operand, COUNT_BOUNDS, place, faults);
  if (Object.keys(operand).length === 0) faults.add(place, "must have at least one of exact, lt, lte, gt and gte");
};

const rangeEnd: Check = (operand, place, faults) => {
  if (typeof operand !== "string" && !isNumber(operand)) {
    faults.add(place, `must be a finite number or an ISO 8601 time, got ${show(operand)}`);
  }
};

const RANGE_ENDS = { gt: rangeEnd, gte: rangeEnd, lt: rangeEnd, lte: rangeEnd };

const between: Check = (operand, place, faults) => {
  if (!isRecord(operand)) {
    return faults.add(place, `must be an object such as {"gte": 1, "lt": 10}, got ${show(operand)}`);
  }
  const before = faults.list.length;
  fields(operand, RANGE_ENDS, place, faults);
  if (faults.list.length > before) return;
  const { gt, gte, lt, lte } = operand;
  if ((gt === undefined) === (gte === undefined) || (lt === undefined) === (lte === undefined)) {
    return faults.add(place, "must have one lower bound (gt or gte) and one upper bound (lt or lte)");
  }
  const low = gt ?? gte;
  const high = lt ?? lte;
  if (typeof low !== typeof high)
    return faults.add(place, "must have two bounds of one kind: numbers, or ISO 8601 times");
  if (isNumber(low) && isNumber(high) && low > high) faults.add(place, `is empty: ${low} is above ${high}`);
};

/** What the rest of the code needs to know about an operator. */
interface Operator {
  readonly check: Check;
  /** True if the operator allows `ignoreCase`; default false. */
  readonly ignoreCase?: true;
}

// Without a prototype, so that a key such as "constructor" is not an operator.
const OPERATORS: Readonly<Record<OperatorName, Operator>> = Object.assign(Object.create(null), {
  exact: { check: primitive, ignoreCase: true },
  equalsIgnoreCase: { check: string },
  in: { check: list(primitive), ignoreCase: true },
  anythingBut: { check: exclusion, ignoreCase: true },
  prefix: { check: string, ignoreCase: true },
  suffix: { check: string, ignoreCase: true },
  contains: { check: primitive, ignoreCase: true },
  wildcard: { check: pattern, ignoreCase: true },
  match: { check: pattern, ignoreCase: true },
  exists: { check: boolean },
  lt: { check: number },
  lte: { check: number },
  gt: { check: number },
  gte: { check: number },
  between: { check: between },
  length: { check: length },
  cidr: { check: oneOrList(string) },
} satisfies Record<OperatorName, Operator>);

/** The names of all operators, in the order of the README. */
export const OPERATOR_NAMES = Object.keys(OPERATORS) as readonly OperatorName[];

/** The operators that allow `ignoreCase`. */
export const IGNORE_CASE_OPERATORS: ReadonlySet<OperatorName> = new Set(
  OPERATOR_NAMES.filter((name) => OPERATORS[name].ignoreCase),
);

/** True if a key of a condition is the name of an operator. */
export function isOperatorName(key: string): key is OperatorName {
  return key in OPERATORS;
}

/** Adds the faults of an operand's structure. Patterns, address blocks and times are checked later, when the routes are compiled. */
export function checkOperand(operator: OperatorName, operand: unknown, place: Place, faults: Faults): void {
  OPERATORS[operator].check(operand, place, faults);
}
