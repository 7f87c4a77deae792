import type { Comparator, Condition } from "../../../schema/config/conditions.ts";
import { at } from "../../../schema/config/faults.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import { compileOperator } from "../routing/operators/operators.ts";

/** Whether a comparator asks for an event's kind. */
export const asksForKind = ({ path }: Comparator, member: string): boolean =>
  path === `$.${member}` || path === `$['${member}']` || path === `$["${member}"]`;

/** Whether an event of this kind satisfies a condition; `undefined` if that depends on more than its kind. */
export function holdsForKind(condition: Condition | undefined, member: string, kind: string): boolean | undefined {
  if (condition === undefined) return true;
  if ("not" in condition) return negated(holdsForKind(condition.not, member, kind));
  if ("allOf" in condition || "anyOf" in condition) {
    const [parts, decisive] = "allOf" in condition ? [condition.allOf, false] : [condition.anyOf, true];
    const answers = parts.map((part) => holdsForKind(part, member, kind));
    if (answers.includes(decisive)) return decisive;
    return answers.includes(undefined) ? undefined : !decisive;
  }
  if (!asksForKind(condition, member)) return undefined;
  if (condition.exists === false) return false;
  const holds = compileOperator(condition, at(undefined, "condition")).holds(kind);
  return condition.quantifier === "none" ? !holds : holds;
}

const negated = (answer: boolean | undefined) => (answer === undefined ? undefined : !answer);

/** The indexes of the enabled routes that may take events of this kind. */
export function routesOfKind({ routes }: Pick<RouteConfig, "routes">, member: string, kind: string): number[] {
  return routes.flatMap((route, index) =>
    route.enabled && route.from !== "hub" && holdsForKind(route.condition, member, kind) !== false ? [index] : [],
  );
}
