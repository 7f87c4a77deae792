import { type JSONPathQuery, jsonpath, type jsonpath as types } from "json-p3";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import { codePoints } from "../../../../schema/text/unicode.ts";
import { compileFilterPattern } from "../operators/pattern.ts";
import { compare } from "./compare.ts";
import { isSingular, type Nodes, singularKeys, singularReader } from "./segments.ts";

type Expression = types.expressions.FilterExpression;
type Holds = (node: JsonValue, root: JsonValue) => boolean;
/** A value, or `undefined` for the RFC's Nothing. */
type Value = (node: JsonValue, root: JsonValue) => JsonValue | undefined;

/** Reads the values of a query below `node`; `root` is the whole payload. */
export type Read = (node: JsonValue, root: JsonValue) => JsonValue[];
/** Compiles a query, which may contain filters itself. */
type QueryReader = (query: JSONPathQuery) => Read;

const { BooleanLiteral, FilterExpressionLiteral, NullLiteral, NumberLiteral, StringLiteral } = jsonpath.expressions;
const { FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression, RelativeQuery, RootQuery } =
  jsonpath.expressions;

/**
 * Compiles the expression of a filter selector. json-p3 has checked its types.
 * @param queryReader compiles the queries in the expression
 */
export function compileFilter(expression: Expression, queryReader: QueryReader): Holds {
  if (expression instanceof LogicalExpression) return compileFilter(expression.expression, queryReader);
  if (expression instanceof PrefixExpression) {
    const holds = compileFilter(expression.right, queryReader);
    return (node, root) => !holds(node, root);
  }
  if (expression instanceof InfixExpression) return compileInfix(expression, queryReader);
  if (expression instanceof RelativeQuery || expression instanceof RootQuery) {
    const read = compileNodes(expression, queryReader);
    return (node, root) => read(node, root).length > 0;
  }
  if (expression instanceof FunctionExtension && (expression.name === "match" || expression.name === "search")) {
    return compilePatternCall(expression.name, expression.args, queryReader);
  }
  throw new Refusal(`has a filter that is not supported: ${expression.toString()}`);
}

function compileInfix({ left, operator, right }: types.expressions.InfixExpression, queryReader: QueryReader): Holds {
  if (operator === "&&" || operator === "||") {
    const [one, other] = [compileFilter(left, queryReader), compileFilter(right, queryReader)];
    return operator === "&&"
      ? (node, root) => one(node, root) && other(node, root)
      : (node, root) => one(node, root) || other(node, root);
  }
  const [one, other] = [compileValue(left, queryReader), compileValue(right, queryReader)];
  return (node, root) => compare(one(node, root), operator, other(node, root));
}

function compileValue(expression: Expression, queryReader: QueryReader): Value {
  if (expression instanceof NullLiteral) return () => null;
  if (
    expression instanceof BooleanLiteral ||
    expression instanceof NumberLiteral ||
    expression instanceof StringLiteral
  ) {
    const { value } = expression;
    return () => value;
  }
  if (expression instanceof RelativeQuery || expression instanceof RootQuery) {
    const relative = expression instanceof RelativeQuery;
    if (isSingular(expression.path)) {
      const read = singularReader(singularKeys(expression.path.segments));
      return (node, root) => read(relative ? node : root);
    }
    const read = queryReader(expression.path);
    return (node, root) => only(read(relative ? node : root, root));
  }
  if (expression instanceof FunctionExtension) return compileCall(expression.name, expression.args, queryReader);
  throw new Refusal(`has a filter that is not supported: ${expression.toString()}`);
}

function compileCall(name: string, [argument]: readonly Expression[], queryReader: QueryReader): Value {
  if (argument !== undefined && name === "length") {
    const value = compileValue(argument, queryReader);
    return (node, root) => lengthOf(value(node, root));
  }
  if (argument !== undefined && (name === "count" || name === "value")) {
    const read = compileNodes(argument, queryReader);
    return name === "count" ? (node, root) => read(node, root).length : (node, root) => only(read(node, root));
  }
  throw new Refusal(`has a function that is not supported in a comparison: ${name}()`);
}

function compileNodes(expression: Expression, queryReader: QueryReader): (node: JsonValue, root: JsonValue) => Nodes {
  if (expression instanceof RelativeQuery) return queryReader(expression.path);
  if (expression instanceof RootQuery) {
    const read = queryReader(expression.path);
    return (_node, root) => read(root, root);
  }
  throw new Refusal(`has a filter that is not supported: ${expression.toString()}`);
}

function compilePatternCall(
  name: "match" | "search",
  [text, pattern]: readonly Expression[],
  queryReader: QueryReader,
): Holds {
  if (text === undefined || pattern === undefined) throw new TypeError(`${name}() without two arguments`);
  if (pattern instanceof FilterExpressionLiteral && !(pattern instanceof StringLiteral)) {
    throw new Refusal(`must give ${name}() a string as its pattern, not ${pattern.toString()}`);
  }
  if (!(pattern instanceof StringLiteral)) {
    throw new Refusal(`must give ${name}() its pattern as a literal, so that it is compiled once`);
  }
  const value = compileValue(text, queryReader);
  let test: (text: string) => boolean;
  try {
    test = compileFilterPattern(pattern.value, name === "match");
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`has a pattern in ${name}() that ${error.message}`) : error;
  }
  return (node, root) => {
    const found = value(node, root);
    return typeof found === "string" && test(found);
  };
}

function only(nodes: Nodes): JsonValue | undefined {
  return nodes.length === 1 ? nodes[0] : undefined;
}

function lengthOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "string") return codePoints(value);
  if (typeof value !== "object" || value === null) return undefined;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}
