import type { Comparator } from "../../schema/config/conditions.ts";
import { at } from "../../schema/config/faults.ts";
import type { OperatorName } from "../../schema/config/operands.ts";
import type { JsonValue } from "../../schema/contract/index.ts";
import { type TypeName, typeOf } from "../../workers/hub/events/json-schema/values.ts";
import { compileOperator, operatorOf } from "../../workers/hub/routing/operators/operators.ts";
import type { Domain } from "./schema-walk.ts";

/** The types of values that can satisfy an operator, where its operand does not say it. */
const TAKES: Readonly<Partial<Record<OperatorName, readonly TypeName[]>>> = {
  equalsIgnoreCase: ["string"],
  prefix: ["string"],
  suffix: ["string"],
  wildcard: ["string"],
  match: ["string"],
  cidr: ["string"],
  contains: ["string", "array"],
  length: ["string", "array"],
  lt: ["number"],
  lte: ["number"],
  gt: ["number"],
  gte: ["number"],
};

/** Whether some value of a domain can satisfy a comparator. True where that cannot be told. */
export function isSatisfiable(comparator: Comparator, { types, values }: Domain): boolean {
  const operator = operatorOf(comparator);
  if (operator === "exists" || operator === "anythingBut") return true;
  const test = compileOperator(comparator, at(undefined, "condition"));
  if (values !== undefined) return values.some((value) => test.holds(value));
  const takes = TAKES[operator];
  if (takes !== undefined) return takes.some((type) => types.has(type));
  return operandsOf(comparator).some((value) => types.has(Number.isInteger(value) ? "integer" : typeOf(value)));
}

/** The values that `exact`, `in` and `between` compare with. */
function operandsOf({ exact, in: list, between }: Comparator): readonly JsonValue[] {
  if (exact !== undefined) return [exact];
  if (list !== undefined) return list;
  return Object.values(between ?? {}).map((end) => (typeof end === "number" ? 0.5 : end)) as JsonValue[];
}

/** What values of a domain are, in words. */
export function domainText({ types, values }: Domain): string {
  if (values !== undefined) {
    const shown = values.slice(0, 5).map((value) => JSON.stringify(value));
    return `is ${shown.join(" or ")}${values.length > shown.length ? " or ..." : ""}`;
  }
  const names = [...types].filter((type) => type !== "integer" || !types.has("number"));
  return `is ${names.map((type) => (type === "null" ? "null" : `${/^[aio]/.test(type) ? "an" : "a"} ${type}`)).join(" or ")}`;
}
