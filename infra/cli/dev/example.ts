import type { OperatorName, Operators } from "../../../schema/config/operands.ts";
import type { Condition } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { CompiledRoutes } from "../../../workers/hub/routing/index.ts";
import { operatorOf } from "../../../workers/hub/routing/operators/operators.ts";
import { routeModuleOf } from "../../project/find-route-module.ts";
import type { Project } from "../../project/project.ts";
import { compileFile } from "../routes/compile-file.ts";

/** The text of a member that may have any text. */
const ANY_TEXT = "example";

/** The payload to emit if no route shows what it takes. */
const ANY: EventPayload = { kind: ANY_TEXT };

/** A payload that the project's first route takes, as far as its condition shows one. */
export function exampleOf({ hub }: Project): EventPayload {
  const path = hub && routeModuleOf(hub)?.path;
  if (path === undefined) return ANY;
  try {
    return exampleFor(compileFile(path));
  } catch {
    return ANY; // faulty at the moment, which is reported elsewhere
  }
}

/** A payload for the first of these routes that shows what it takes. */
export function exampleFor(routes: CompiledRoutes): EventPayload {
  for (const { enabled, condition } of routes.config.routes) {
    if (!enabled) continue;
    const payload = condition === undefined ? ANY : satisfying(condition);
    if (payload !== undefined && routes.match(payload).length > 0) return payload;
  }
  return ANY;
}

/** A payload that satisfies the condition, if its operators show one. */
function satisfying(condition: Condition): EventPayload | undefined {
  const payload: Record<string, unknown> = {};
  return fill(payload, condition) ? (payload as EventPayload) : undefined;
}

function fill(payload: Record<string, unknown>, condition: Condition): boolean {
  if ("allOf" in condition) return condition.allOf.every((part) => fill(payload, part));
  if ("anyOf" in condition) return condition.anyOf.some((part) => fill(payload, part));
  // The payload lacks whatever must not be there.
  if ("not" in condition) return true;
  const keys = readPath(condition.path);
  const value = valueFor(condition);
  if (keys === undefined || value === undefined) return false;
  return put(payload, keys, value);
}

type Comparator = Exclude<Condition, { allOf: unknown } | { anyOf: unknown } | { not: unknown }>;

function valueFor(condition: Comparator): unknown {
  const operator = operatorOf(condition);
  const make = VALUES[operator] as (operand: unknown) => unknown;
  return make(condition[operator]);
}

/** A value that satisfies an operator, taken from its operand; `undefined` if the operand shows none. */
const VALUES: { readonly [Name in OperatorName]: (operand: Operators[Name]) => unknown } = {
  exact: (value) => value,
  equalsIgnoreCase: (text) => text,
  in: ([first]) => first,
  anythingBut: () => undefined,
  prefix: (prefix) => `${prefix}${ANY_TEXT}`,
  suffix: (suffix) => `${ANY_TEXT}${suffix}`,
  contains: (part) => (typeof part === "string" ? part : [part]),
  wildcard: (pattern) => pattern.replaceAll("*", ANY_TEXT),
  match: (pattern) => /^\^?\(?([\w. -]+)[|)$]/.exec(`${pattern}$`)?.[1],
  exists: (wanted) => (wanted ? ANY_TEXT : undefined),
  lt: (end) => end - 1,
  lte: (end) => end,
  gt: (end) => end + 1,
  gte: (end) => end,
  between: () => undefined,
  length: () => undefined,
  cidr: () => undefined,
};

/** The keys of a path to a single place: `$.order.id`, `$["order"].id`. */
function readPath(path: string): string[] | undefined {
  const parts = [...path.matchAll(/^\$|\.([A-Za-z_][\w]*)|\[(?:"([^"\\]*)"|'([^'\\]*)')\]/g)];
  if (parts.map(([text]) => text).join("") !== path) return undefined;
  return parts.slice(1).map(([, name, double, single]) => name ?? double ?? single ?? "");
}

function put(payload: Record<string, unknown>, keys: readonly string[], value: unknown): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return false;
  if (rest.length === 0) {
    payload[key] ??= value;
    return true;
  }
  payload[key] ??= {};
  const below = payload[key];
  return typeof below === "object" && below !== null && put(below as Record<string, unknown>, rest, value);
}
