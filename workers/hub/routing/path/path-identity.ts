import { type JSONPathQuery, jsonpath, type jsonpath as types } from "json-p3";
import { isDescendant } from "./segments.ts";

/** Nested lists of strings and numbers: a query without its spelling. */
type Form = string | number | null | readonly Form[];
type Expression = types.expressions.FilterExpression;
type Selector = JSONPathQuery["segments"][number]["selectors"][number];

const { NameSelector, IndexSelector, WildcardSelector, SliceSelector, FilterSelector } = jsonpath.selectors;
const { BooleanLiteral, NullLiteral, NumberLiteral, StringLiteral } = jsonpath.expressions;
const { FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression, RelativeQuery, RootQuery } =
  jsonpath.expressions;

/**
 * The meaning of a query, as a text that does not depend on the spelling: `$.a[*]` and `$["a"].*` have one key, and so do `$.a[?@.b > 1]` and
 * `$.a[?(@['b']>1.0)]`. Queries with one key always find the same. A few that find the same have two keys (`?@ > 1`, `?1 < @`), and are read twice.
 * (json-p3's own normal form cannot be used as a key: it writes `[:0]` as `[:]`.)
 */
export function pathKey(query: JSONPathQuery): string {
  return JSON.stringify(queryForm(query));
}

function queryForm(query: JSONPathQuery): Form {
  return query.segments.map((segment) => [isDescendant(segment) ? ".." : ".", ...segment.selectors.map(selectorForm)]);
}

function selectorForm(selector: Selector): Form {
  if (selector instanceof NameSelector) return selector.name;
  if (selector instanceof IndexSelector) return selector.index;
  if (selector instanceof WildcardSelector) return ["*"];
  if (selector instanceof SliceSelector) {
    const { start, stop, step = 1 } = selector;
    return [":", start ?? (step > 0 ? 0 : null), stop ?? null, step];
  }
  if (selector instanceof FilterSelector) return ["?", expressionForm(selector.expression)];
  throw new TypeError(`unknown JSONPath selector: ${selector.toString()}`);
}

function expressionForm(expression: Expression): Form {
  if (expression instanceof LogicalExpression) return expressionForm(expression.expression);
  if (expression instanceof PrefixExpression) return ["!", expressionForm(expression.right)];
  if (expression instanceof InfixExpression) {
    return [expression.operator, expressionForm(expression.left), expressionForm(expression.right)];
  }
  if (expression instanceof RelativeQuery) return ["@", queryForm(expression.path)];
  if (expression instanceof RootQuery) return ["$", queryForm(expression.path)];
  if (expression instanceof FunctionExtension) return [`${expression.name}()`, ...expression.args.map(expressionForm)];
  if (expression instanceof NullLiteral) return null;
  // The number as a string, because JSON has no infinity (1e999). Minus zero becomes zero, as in every comparison.
  if (expression instanceof NumberLiteral || expression instanceof BooleanLiteral) return [String(expression.value)];
  if (expression instanceof StringLiteral) return expression.value;
  throw new TypeError(`unknown JSONPath expression: ${expression.toString()}`);
}
