import type { Condition } from "../../../schema/config/conditions.ts";
import type { Facts } from "./event-facts.ts";
import type { Predicate, Predicates } from "./predicates.ts";

/** A condition whose `not`s are pushed down to the predicates. */
export type Expression =
  | { readonly op: "true" }
  | { readonly op: "false" }
  | { readonly op: "test"; readonly predicate: Predicate; readonly expect: boolean }
  | { readonly op: "and" | "or"; readonly parts: readonly Expression[] };

export const TRUE: Expression = { op: "true" };
export const FALSE: Expression = { op: "false" };

/** A route's condition as an expression. Every comparator must have been added to `predicates` before. */
export function toExpression(condition: Condition | undefined, predicates: Predicates, positive = true): Expression {
  if (condition === undefined) return TRUE;
  if ("not" in condition) return toExpression(condition.not, predicates, !positive);
  if ("allOf" in condition || "anyOf" in condition) {
    const [op, conditions] =
      "allOf" in condition ? (["and", condition.allOf] as const) : (["or", condition.anyOf] as const);
    const parts = conditions.map((part) => toExpression(part, predicates, positive));
    return join(positive ? op : op === "and" ? "or" : "and", parts);
  }
  const { predicate, expect } = predicates.questionOf(condition);
  return testOf(predicate, expect === positive);
}

const tests = new WeakMap<Predicate, { readonly asserted: Expression; readonly denied: Expression }>();

/** One object for each predicate and answer, however many routes ask for it. */
function testOf(predicate: Predicate, expect: boolean): Expression {
  let both = tests.get(predicate);
  if (both === undefined) {
    both = { asserted: { op: "test", predicate, expect: true }, denied: { op: "test", predicate, expect: false } };
    tests.set(predicate, both);
  }
  return expect ? both.asserted : both.denied;
}

/** Joins `parts`: without neutral ones, and cheap before expensive. */
function join(op: "and" | "or", parts: readonly Expression[]): Expression {
  const [neutral, decisive] = op === "and" ? [TRUE, FALSE] : [FALSE, TRUE];
  const kept = parts.flatMap((part) => (part.op === op ? part.parts : part.op === neutral.op ? [] : [part]));
  if (kept.some((part) => part.op === decisive.op)) return decisive;
  const [first] = kept;
  if (first === undefined) return neutral;
  if (kept.length === 1) return first;
  return { op, parts: kept.toSorted((one, other) => cost(one) - cost(other)) };
}

function cost(expression: Expression): number {
  if (expression.op === "test") return expression.predicate.test.cost + (expression.predicate.path.singular ? 0 : 20);
  return expression.op === "and" || expression.op === "or"
    ? expression.parts.reduce((sum, part) => sum + cost(part), 0)
    : 0;
}

/** The rest of an expression once a predicate is known to hold. */
export function assume(expression: Expression, predicate: Predicate): Expression {
  if (expression.op === "test") {
    if (expression.predicate !== predicate) return expression;
    return expression.expect ? TRUE : FALSE;
  }
  if (expression.op !== "and" && expression.op !== "or") return expression;
  return join(
    expression.op,
    expression.parts.map((part) => assume(part, predicate)),
  );
}

/** Whether an event satisfies an expression. Recursion is bounded by MAX_CONDITION_DEPTH. */
export function evaluate(expression: Expression, facts: Facts): boolean {
  switch (expression.op) {
    case "true":
      return true;
    case "false":
      return false;
    case "test":
      return facts.decide(expression.predicate) === expression.expect;
    case "and":
      for (const part of expression.parts) if (!evaluate(part, facts)) return false;
      return true;
    case "or":
      for (const part of expression.parts) if (evaluate(part, facts)) return true;
      return false;
  }
}
