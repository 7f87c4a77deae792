/**
 * The routing language implemented again, as plainly as possible and with other means (json-p3's own evaluation, the backtracking RegExp, node:net).
 * The matcher is compared with it, and it is a baseline of the benchmark. For trusted patterns only.
 */

import { BlockList, isIP } from "node:net";
import { jsonpath } from "json-p3";
import type { Comparator, Condition } from "../../schema/config/conditions.ts";
import type { NumberBounds, Operators } from "../../schema/config/operands.ts";
import type { RouteConfig } from "../../schema/config/routes.ts";
import type { EventPayload, JsonValue } from "../../schema/contract/index.ts";

type JsonP3Value = Parameters<typeof jsonpath.query>[1];

const queries = new Map<string, ReturnType<typeof jsonpath.compile>>();
const expressions = new Map<string, RegExp>();

/** The numbers of the enabled routes that match, in order. Evaluates every route by itself. */
export function naiveMatch(config: RouteConfig, payload: EventPayload): number[] {
  return config.routes.flatMap((route, index) => {
    const matches = route.enabled && (route.condition === undefined || naiveHolds(route.condition, payload));
    return matches ? [index] : [];
  });
}

/** Whether a payload satisfies a condition. */
export function naiveHolds(condition: Condition, payload: EventPayload): boolean {
  if ("allOf" in condition) return condition.allOf.every((part) => naiveHolds(part, payload));
  if ("anyOf" in condition) return condition.anyOf.some((part) => naiveHolds(part, payload));
  if ("not" in condition) return !naiveHolds(condition.not, payload);
  const values = valuesAt(condition.path, payload);
  if (condition.exists !== undefined) return values.length > 0 === condition.exists;
  switch (condition.quantifier ?? "any") {
    case "any":
      return values.some((value) => satisfies(condition, value));
    case "all":
      return values.length > 0 && values.every((value) => satisfies(condition, value));
    case "none":
      return !values.some((value) => satisfies(condition, value));
  }
}

function valuesAt(path: string, payload: EventPayload): JsonValue[] {
  let query = queries.get(path);
  if (query === undefined) {
    query = jsonpath.compile(path);
    queries.set(path, query);
  }
  return query.query(payload as JsonP3Value).values() as JsonValue[];
}

function satisfies(comparator: Comparator, value: JsonValue): boolean {
  const operand = comparator as Partial<Operators>;
  const ignoreCase = comparator.ignoreCase ?? false;
  const like = (before: string, text: string, after: string) =>
    isText(value, before + literal(text) + after, ignoreCase);
  if (operand.exact !== undefined) return isExact(value, operand.exact, ignoreCase);
  if (operand.equalsIgnoreCase !== undefined) return isExact(value, operand.equalsIgnoreCase, true);
  if (operand.in !== undefined) return operand.in.some((one) => isExact(value, one, ignoreCase));
  if (operand.prefix !== undefined) return like("^", operand.prefix, "");
  if (operand.suffix !== undefined) return like("", operand.suffix, "$");
  if (operand.wildcard !== undefined) return isText(value, wildcard(operand.wildcard), ignoreCase);
  if (operand.match !== undefined) return isText(value, operand.match, ignoreCase);
  if (operand.contains !== undefined) {
    const { contains } = operand;
    if (Array.isArray(value)) return value.some((member) => isExact(member, contains, ignoreCase));
    return typeof contains === "string" && like("", contains, "");
  }
  if (operand.anythingBut !== undefined) return !isExcluded(value, operand.anythingBut, ignoreCase);
  if (operand.between !== undefined)
    return isBetween(value, operand.between as { readonly [end: string]: number | string });
  if (operand.length !== undefined) return hasLength(value, operand.length);
  if (operand.cidr !== undefined) return [operand.cidr].flat().some((block) => isInBlock(value, block));
  return typeof value === "number" && within(value, operand as NumberBounds);
}

function isExact(value: JsonValue, wanted: JsonValue, ignoreCase: boolean): boolean {
  if (ignoreCase && typeof wanted === "string") return isText(value, `^${literal(wanted)}$`, true);
  return value === wanted;
}

function isText(value: JsonValue, pattern: string, ignoreCase: boolean): boolean {
  const key = `${ignoreCase}${pattern}`;
  let expression = expressions.get(key);
  if (expression === undefined) {
    expression = new RegExp(pattern, ignoreCase ? "iu" : "u");
    expressions.set(key, expression);
  }
  return typeof value === "string" && expression.test(value);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function wildcard(text: string): string {
  return `^${text.replace(/\\[*\\]|\*|[^*\\]+/g, (part) => (part === "*" ? "[^]*" : literal(part.replace(/^\\/, ""))))}$`.replaceAll(
    "[^]",
    "[\\s\\S]",
  );
}

function isExcluded(value: JsonValue, excluded: Operators["anythingBut"], ignoreCase: boolean): boolean {
  if (typeof excluded !== "object" || excluded === null) return isExact(value, excluded, ignoreCase);
  if (Array.isArray(excluded)) return excluded.some((one) => isExact(value, one, ignoreCase));
  return Object.entries(excluded as Record<string, string | string[]>).some(([kind, texts]) => {
    return [texts].flat().some((text) => {
      if (kind === "wildcard") return isText(value, wildcard(text), ignoreCase);
      return isText(value, kind === "prefix" ? `^${literal(text)}` : `${literal(text)}$`, ignoreCase);
    });
  });
}

function within(value: number, { exact, lt, lte, gt, gte }: NumberBounds): boolean {
  if (exact !== undefined && value !== exact) return false;
  if ((lt !== undefined && !(value < lt)) || (lte !== undefined && !(value <= lte))) return false;
  return !((gt !== undefined && !(value > gt)) || (gte !== undefined && !(value >= gte)));
}

function isBetween(value: JsonValue, bounds: { readonly [end: string]: number | string }): boolean {
  const times = Object.values(bounds).every((end) => typeof end === "string");
  if (!times) return typeof value === "number" && within(value, bounds as NumberBounds);
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/.test(value))
    return false;
  // Date.parse reads 30 February as 2 March.
  const day = value.slice(0, 10);
  const time = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ? Date.parse(value) : Number.NaN;
  const ends = Object.fromEntries(Object.entries(bounds).map(([end, text]) => [end, Date.parse(String(text))]));
  return !Number.isNaN(time) && within(time, ends);
}

function hasLength(value: JsonValue, length: number | NumberBounds): boolean {
  if (typeof value !== "string" && !Array.isArray(value)) return false;
  return within([...value].length, typeof length === "number" ? { exact: length } : length);
}

function isInBlock(value: JsonValue, block: string): boolean {
  const [address = "", bits] = block.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const list = new BlockList();
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
  if (typeof value !== "string" || isIP(value) === 0 || value.includes("%")) return false;
  // Node regards every IPv4 address as part of ::/0.
  if (!value.includes(":") && family === "ipv6" && !address.startsWith("::ffff:")) return false;
  return list.check(value, value.includes(":") ? "ipv6" : "ipv4");
}
