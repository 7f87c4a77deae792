import type { Comparator } from "../../../../schema/config/conditions.ts";
import { at, type Place } from "../../../../schema/config/faults.ts";
import {
  OPERATOR_NAMES,
  type OperatorName,
  type Operators,
  type Primitive,
} from "../../../../schema/config/operands.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { type Key, PRESENT } from "../lookup/keys.ts";
import { type Address, inBlock, parseAddress, parseBlock } from "./addresses.ts";
import { located, type Test } from "./compiled.ts";
import { compileLength, compileRange, spanTest } from "./numeric.ts";
import { compileAffix, compileContains, compileExact, compileIn, compileMatch, compileWildcard } from "./text.ts";

/** The one operator of a comparator. */
export function operatorOf(comparator: Comparator): OperatorName {
  const operator = OPERATOR_NAMES.find((name) => Object.hasOwn(comparator, name));
  if (operator === undefined) throw new TypeError("a comparator without an operator");
  return operator;
}

/**
 * Compiles the operator of a comparator that is at `place`.
 *
 * @throws OperandRefusal if its pattern, block or time cannot be read.
 */
export function compileOperator(comparator: Comparator, place: Place): Test {
  const operator = operatorOf(comparator);
  const ignoreCase = comparator.ignoreCase ?? false;
  return compile(operator, comparator as Operators, ignoreCase, at(place, operator));
}

function compile(operator: OperatorName, operands: Operators, ignoreCase: boolean, place: Place): Test {
  switch (operator) {
    case "exact":
      return compileExact(operands.exact, ignoreCase);
    case "equalsIgnoreCase":
      return compileExact(operands.equalsIgnoreCase, true);
    case "in":
      return compileIn(operands.in, ignoreCase);
    case "anythingBut":
      return compileAnythingBut(operands.anythingBut, ignoreCase, place);
    case "prefix":
    case "suffix":
      return compileAffix(operator, operands[operator], ignoreCase);
    case "contains":
      return compileContains(operands.contains, ignoreCase);
    case "wildcard":
      return located(place, () => compileWildcard(operands.wildcard, ignoreCase));
    case "match":
      return located(place, () => compileMatch(operands.match, ignoreCase));
    case "exists":
      return { holds: () => true, keys: { ...PRESENT, proof: true }, cost: 0 };
    case "lt":
    case "lte":
      return spanTest({ low: -Infinity, lowOpen: false, high: operands[operator], highOpen: operator === "lt" });
    case "gt":
    case "gte":
      return spanTest({ low: operands[operator], lowOpen: operator === "gt", high: Infinity, highOpen: false });
    case "between":
      return compileRange(operands.between, place);
    case "length":
      return compileLength(operands.length);
    case "cidr":
      return compileBlocks(operands.cidr, place);
  }
}

function compileAnythingBut(operand: Operators["anythingBut"], ignoreCase: boolean, place: Place): Test {
  const excluded = excludedTests(operand, ignoreCase, place);
  const cost = excluded.reduce((sum, test) => sum + test.cost, 1);
  return { holds: (value) => !excluded.some((test) => test.holds(value)), keys: PRESENT, cost };
}

function excludedTests(operand: Operators["anythingBut"], ignoreCase: boolean, place: Place): Test[] {
  if (typeof operand !== "object" || operand === null) return [compileExact(operand, ignoreCase)];
  if (Array.isArray(operand)) return [compileIn(operand as readonly Primitive[], ignoreCase)];
  return Object.entries(operand as Record<string, string | readonly string[]>).flatMap(([kind, texts]) => {
    const below = at(place, kind);
    return list(texts, below).map(({ text, place }) => {
      if (kind === "prefix" || kind === "suffix") return compileAffix(kind, text, ignoreCase);
      return located(place, () => compileWildcard(text, ignoreCase));
    });
  });
}

function compileBlocks(operand: Operators["cidr"], place: Place): Test {
  const blocks = list(operand, place).map(({ text, place }) => located(place, () => parseBlock(text)));
  const keys = blocks.map((block): Key => ({ kind: "block", block }));
  return { holds: (value) => inAnyBlock(value), keys: { keys, proof: true }, cost: 8 + blocks.length };

  function inAnyBlock(value: JsonValue): boolean {
    const address: Address | undefined = typeof value === "string" ? parseAddress(value) : undefined;
    return address !== undefined && blocks.some((block) => inBlock(address, block));
  }
}

function list(operand: string | readonly string[], place: Place): { text: string; place: Place }[] {
  if (typeof operand === "string") return [{ text: operand, place }];
  return operand.map((text, index) => ({ text, place: at(place, index) }));
}
