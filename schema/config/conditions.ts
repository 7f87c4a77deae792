/** The language of a route's `condition`: its types, and the structure that a configuration must have. README explains the operators. */

import { andList } from "../text/and-list.ts";
import { codePoints, isLonger } from "../text/unicode.ts";
import { MAX_CONDITION_DEPTH, MAX_OPERATORS_PER_ROUTE, MAX_PATH_LENGTH } from "../vocabulary/limits.ts";
import { at, type Faults, isRecord, type Place, show } from "./faults.ts";
import { checkOperand, IGNORE_CASE_OPERATORS, isOperatorName, type OperatorName, type Operators } from "./operands.ts";

/** How many of the values at a path must satisfy the operator; default `any`. All but `none` need at least one value. */
export type Quantifier = "any" | "all" | "none";

type ExactlyOne<T> = { [K in keyof T]: Pick<T, K> & { readonly [O in Exclude<keyof T, K>]?: never } }[keyof T];

/** One operator, applied to the values at a JSONPath. `Path` is the type of the paths that an editor offers. */
export type Comparator<Path extends string = string> = {
  /** RFC 9535 JSONPath. */
  readonly path: Path;
  /** Ignore the case of letters (Unicode simple case folding); default false. */
  readonly ignoreCase?: boolean;
  /** Default `any`. */
  readonly quantifier?: Quantifier;
} & ExactlyOne<Operators>;

/** What an event must satisfy. */
export type Condition<Path extends string = string> =
  | Comparator<Path>
  | { readonly allOf: readonly Condition<Path>[] }
  | { readonly anyOf: readonly Condition<Path>[] }
  | { readonly not: Condition<Path> };

/** Called for every well-formed comparator, with its place. */
export type Inspector = (comparator: Comparator, place: Place) => void;

interface Reading {
  readonly faults: Faults;
  readonly inspect: Inspector | undefined;
  operators: number;
}

/** Checks one route's condition. Returns a copy of it, or `undefined` if it has a fault. */
export function readCondition(
  input: unknown,
  place: Place,
  faults: Faults,
  inspect: Inspector | undefined,
): Condition | undefined {
  const reading: Reading = { faults, inspect, operators: 0 };
  const condition = readNode(input, place, 1, reading);
  if (reading.operators > MAX_OPERATORS_PER_ROUTE) {
    faults.add(place, `must have at most ${MAX_OPERATORS_PER_ROUTE} operators, but has more`);
    return undefined;
  }
  return condition;
}

function readNode(input: unknown, place: Place, depth: number, reading: Reading): Condition | undefined {
  const { faults } = reading;
  reading.operators++;
  // Stop here: the caller reports the excess once, and a hostile configuration must not make us walk all of it.
  if (reading.operators > MAX_OPERATORS_PER_ROUTE) return undefined;
  if (depth > MAX_CONDITION_DEPTH) return fault(faults, place, `is nested deeper than ${MAX_CONDITION_DEPTH} levels`);
  if (!isRecord(input)) return fault(faults, place, `must be a condition (an object), got ${show(input)}`);
  const logical = Object.keys(input).filter((key) => key === "allOf" || key === "anyOf" || key === "not");
  const [kind] = logical;
  if (kind === undefined) return readComparator(input, place, reading);
  let sound = true;
  for (const key of Object.keys(input)) {
    if (key === kind) continue;
    faults.add(at(place, key), `cannot be combined with ${kind}: put both into an allOf`);
    sound = false;
  }
  const below = at(place, kind);
  if (kind === "not") {
    const not = readNode(input.not, below, depth + 1, reading);
    return not === undefined || !sound ? undefined : { not };
  }
  const list = input[kind];
  if (!Array.isArray(list)) return fault(faults, below, `must be an array of conditions, got ${show(list)}`);
  const conditions: Condition[] = [];
  for (let index = 0; index < list.length && reading.operators <= MAX_OPERATORS_PER_ROUTE; index++) {
    const child = readNode(list[index], at(below, index), depth + 1, reading);
    if (child === undefined) sound = false;
    else conditions.push(child);
  }
  if (!sound) return undefined;
  return kind === "allOf" ? { allOf: conditions } : { anyOf: conditions };
}

function readComparator(
  input: Readonly<Record<string, unknown>>,
  place: Place,
  reading: Reading,
): Comparator | undefined {
  const { faults } = reading;
  const before = faults.list.length;
  const operators: OperatorName[] = [];
  for (const key of Object.keys(input)) {
    if (isOperatorName(key)) operators.push(key);
    else if (key !== "path" && key !== "ignoreCase" && key !== "quantifier")
      faults.add(at(place, key), "is not a known key");
  }
  checkPath(input.path, at(place, "path"), faults);
  const [operator] = operators;
  if (operator === undefined)
    return fault(faults, place, "must have an operator, such as exact, or be allOf, anyOf or not");
  if (operators.length > 1) {
    return fault(
      faults,
      place,
      `must have one operator, got ${andList(operators)}: put each into its own condition in an allOf`,
    );
  }
  const operand = input[operator];
  checkOperand(operator, operand, at(place, operator), faults);
  checkModifiers(input, operator, place, faults);
  if (faults.list.length > before) return undefined;
  const comparator = {
    path: input.path,
    [operator]: copyOperand(operand),
    ...(Object.hasOwn(input, "ignoreCase") && { ignoreCase: input.ignoreCase }),
    ...(Object.hasOwn(input, "quantifier") && { quantifier: input.quantifier }),
  } as Comparator;
  reading.inspect?.(comparator, place);
  return comparator;
}

/** A copy of a checked operand: a value, a list, or an object of values and lists. */
function copyOperand(operand: unknown): unknown {
  if (Array.isArray(operand)) return [...operand];
  if (!isRecord(operand)) return operand;
  return Object.fromEntries(Object.entries(operand).map(([key, value]) => [key, copyOperand(value)]));
}

function checkPath(path: unknown, place: Place, faults: Faults): void {
  if (typeof path !== "string" || path === "") faults.add(place, `must be a JSONPath such as $.a.b, got ${show(path)}`);
  else if (isLonger(path, MAX_PATH_LENGTH)) {
    faults.add(place, `must have at most ${MAX_PATH_LENGTH} characters, got ${codePoints(path)}`);
  }
}

function checkModifiers(
  input: Readonly<Record<string, unknown>>,
  operator: OperatorName,
  place: Place,
  faults: Faults,
): void {
  const { ignoreCase, quantifier } = input;
  if (Object.hasOwn(input, "ignoreCase")) {
    const here = at(place, "ignoreCase");
    if (typeof ignoreCase !== "boolean") faults.add(here, `must be true or false, got ${show(ignoreCase)}`);
    else if (!IGNORE_CASE_OPERATORS.has(operator)) faults.add(here, `cannot be combined with ${operator}`);
  }
  if (Object.hasOwn(input, "quantifier")) {
    const here = at(place, "quantifier");
    if (quantifier !== "any" && quantifier !== "all" && quantifier !== "none") {
      faults.add(here, `must be any, all or none, got ${show(quantifier)}`);
    } else if (operator === "exists") {
      faults.add(here, "cannot be combined with exists, which asks whether anything is found at all");
    }
  }
}

function fault(faults: Faults, place: Place, message: string): undefined {
  faults.add(place, message);
  return undefined;
}
