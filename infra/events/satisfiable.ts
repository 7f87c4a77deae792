import type { Comparator } from "../../schema/config/conditions.ts";
import { at } from "../../schema/config/faults.ts";
import type { OperatorName } from "../../schema/config/operands.ts";
import type { JsonValue } from "../../schema/contract/index.ts";
import { type TypeName, typeOf } from "../../workers/hub/events/json-schema/values.ts";
import { compileOperator, operatorOf } from "../../workers/hub/routing/operators/operators.ts";
import type { Domain } from "./schema-walk.ts";

/** The types of values that can satisfy an operator. `operands`: the types of its operands. `any`: all, or it is not known. */
const TAKES: Readonly<Record<OperatorName, readonly TypeName[] | "operands" | "any">> = {
  exact: "operands",
  equalsIgnoreCase: ["string"],
  in: "operands",
  anythingBut: "any",
  prefix: ["string"],
  suffix: ["string"],
  contains: ["string", "array"],
  wildcard: ["string"],
  match: ["string"],
  exists: "any",
  lt: ["number"],
  lte: ["number"],
  gt: ["number"],
  gte: ["number"],
  between: "operands",
  length: ["string", "array"],
  cidr: ["string"],
};

/** Whether some value of a domain can satisfy a comparator. True if that is not known. */
export function isSatisfiable(comparator: Comparator, { types, values }: Domain): boolean {
  const takes = TAKES[operatorOf(comparator)];
  if (takes === "any") return true;
  const test = compileOperator(comparator, at(undefined, "condition"));
  if (values !== undefined) return values.some((value) => test.holds(value));
  if (takes !== "operands") return takes.some((type) => types.has(type));
  return operandsOf(comparator).some((value) => types.has(Number.isInteger(value) ? "integer" : typeOf(value)));
}

/** The values with which `exact`, `in` and `between` compare. */
function operandsOf({ exact, in: list, between }: Comparator): readonly JsonValue[] {
  if (exact !== undefined) return [exact];
  if (list !== undefined) return list;
  return Object.values(between ?? {}).map((end) => (typeof end === "number" ? 0.5 : end)) as JsonValue[];
}

/** The values of a domain, in words. */
export function domainText({ types, values }: Domain): string {
  if (values !== undefined) {
    const shown = values.slice(0, 5).map((value) => JSON.stringify(value));
    return `is ${shown.join(" or ")}${values.length > shown.length ? " or ..." : ""}`;
  }
  const names = [...types].filter((type) => type !== "integer" || !types.has("number"));
  return `is ${names.map((type) => (type === "null" ? "null" : `${/^[aio]/.test(type) ? "an" : "a"} ${type}`)).join(" or ")}`;
}
