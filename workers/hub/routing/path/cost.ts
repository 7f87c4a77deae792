import { type JSONPathQuery, jsonpath } from "json-p3";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import { MAX_DESCENDANT_SEGMENTS, MAX_PATH_FANOUT } from "../../../../schema/vocabulary/limits.ts";
import { childReader, isDescendant, isSingular } from "./segments.ts";

type Expression = jsonpath.expressions.FilterExpression;

const { FilterSelector } = jsonpath.selectors;
const { FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression, RelativeQuery, RootQuery } =
  jsonpath.expressions;

/**
 * Refuses a path that could take more than time linear in the payload. The remaining paths visit each value at most {@link MAX_PATH_FANOUT} times per
 * segment.
 *
 * @throws Refusal
 */
export function checkPathCost(query: JSONPathQuery): void {
  const cost = { descendants: 0 };
  checkQuery(query, cost);
  if (cost.descendants > MAX_DESCENDANT_SEGMENTS) {
    throw new Refusal(
      `has ${cost.descendants} descendant segments (..), but only ${MAX_DESCENDANT_SEGMENTS} is allowed, because they multiply`,
    );
  }
}

function checkQuery(query: JSONPathQuery, cost: { descendants: number }): void {
  let fanout = 1;
  for (const segment of query.segments) {
    if (isDescendant(segment)) cost.descendants++;
    fanout *= segment.selectors.length;
    if (fanout > MAX_PATH_FANOUT) throw new Refusal(`selects more than ${MAX_PATH_FANOUT} times over`);
    if (childReader(segment) !== undefined) continue;
    for (const selector of segment.selectors) {
      if (selector instanceof FilterSelector) checkExpression(selector.expression, cost);
    }
  }
}

function checkExpression(expression: Expression, cost: { descendants: number }): void {
  if (expression instanceof LogicalExpression) checkExpression(expression.expression, cost);
  else if (expression instanceof PrefixExpression) checkExpression(expression.right, cost);
  else if (expression instanceof RelativeQuery) checkQuery(expression.path, cost);
  else if (expression instanceof RootQuery) checkRootQuery(expression.path);
  else if (expression instanceof FunctionExtension) {
    for (const argument of expression.args) {
      if (argument instanceof RootQuery)
        throw new Refusal(
          `must not give ${expression.name}() a path from $ in a filter: it would be read once per value`,
        );
      checkExpression(argument, cost);
    }
  } else if (expression instanceof InfixExpression) {
    const { left, right } = expression;
    if (left instanceof RootQuery && right instanceof RootQuery) {
      throw new Refusal("must not compare two paths from $ in a filter: they would be compared once per value");
    }
    checkExpression(left, cost);
    checkExpression(right, cost);
  }
}

function checkRootQuery(query: JSONPathQuery): void {
  if (!isSingular(query))
    throw new Refusal("must have only names and indices in a path from $ in a filter: it is read once per value");
}
