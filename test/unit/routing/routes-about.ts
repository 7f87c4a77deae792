import type { Condition } from "../../../schema/config/conditions.ts";
import { IGNORE_CASE_OPERATORS } from "../../../schema/config/operands.ts";
import type { RouteInput } from "../../../schema/config/routes.ts";
import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import { nameSpellings } from "./spellings.ts";

/** A pseudo-random integer below a bound. */
type Random = (below: number) => number;

/** A value of a payload, and a path that finds it, spelt at random. */
interface Found {
  readonly path: string;
  readonly value: JsonValue;
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

/** This many routes about values that some payloads hold. Most match some of them, with every operator, and with paths in every spelling. */
export function routesAbout(payloads: readonly EventPayload[], count: number, random: Random): RouteInput[] {
  return Array.from({ length: count }, () => ({
    destination: "A",
    condition: conditionAbout(payloads, random, 0),
    enabled: random(20) > 0,
  }));
}

function conditionAbout(payloads: readonly EventPayload[], random: Random, depth: number): Condition {
  const kind = depth === 3 ? 0 : random(10);
  const parts = (some: readonly EventPayload[]) =>
    Array.from({ length: 1 + random(3) }, () => conditionAbout(some, random, depth + 1));
  if (kind === 9) return { not: conditionAbout(payloads, random, depth + 1) };
  // All parts are about one payload: otherwise nothing would satisfy all of them.
  if (kind === 8 || kind === 7) return { allOf: parts([pick(random, payloads)]) };
  if (kind === 6 || kind === 5) return { anyOf: parts(payloads) };
  return comparatorAbout(descend(pick(random, payloads), random), random);
}

function descend(payload: EventPayload, random: Random): Found {
  let value: JsonValue = payload;
  let path = "$";
  for (let depth = 1 + random(5); depth > 0; depth--) {
    if (typeof value !== "object" || value === null) break;
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    const key = pick(random, keys);
    const every = random(Array.isArray(value) ? 2 : 12) === 0;
    if (every) path += pick(random, ["[*]", ".*", "[ * ]"]);
    else path += Array.isArray(value) ? `[${key}]` : pick(random, nameSpellings(key));
    value = (value as { readonly [key: string]: JsonValue })[key] as JsonValue;
  }
  return { path, value };
}

function comparatorAbout({ path, value }: Found, random: Random): Condition {
  const operator = pick(random, operatorsAbout(value, random));
  const [name = ""] = Object.keys(operator);
  return {
    path,
    ...operator,
    ...(random(4) === 0 && IGNORE_CASE_OPERATORS.has(name as never) && { ignoreCase: true }),
    ...(random(4) === 0 && name !== "exists" && { quantifier: pick(random, ["any", "all", "none"]) }),
  } as Condition;
}

function operatorsAbout(value: JsonValue, random: Random): readonly object[] {
  if (typeof value === "string") return textOperators(value, random);
  if (typeof value === "number") return numberOperators(value, random);
  const others = [{ exists: true }, { exists: false }, { length: { gte: 1 } }, { anythingBut: [null, false] }];
  if (Array.isArray(value)) return [...others, { length: value.length }, { contains: primitive(value[0]) }];
  if (typeof value === "object" && value !== null) return others;
  return [...others, { exact: value }, { in: [value, "x"] }, { anythingBut: value }];
}

function textOperators(text: string, random: Random): readonly object[] {
  const cut = random(Math.min(text.length, 12) + 1);
  const [start, end] = [text.slice(0, cut), text.slice(text.length - cut)];
  const middle = text.slice(random(text.length + 1)).slice(0, 1 + random(6));
  const swapped = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
  const literal = (part: string) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const stars = (part: string) => part.replace(/[\\*]/g, "\\$&");
  return [
    { exact: text },
    { equalsIgnoreCase: swapped },
    { in: [text, swapped, 1] },
    { in: [text] },
    { anythingBut: pick(random, [text, [text, "x"], { prefix: start }, { suffix: [end, "x"] }, { wildcard: "a*" }]) },
    { prefix: start },
    { suffix: end },
    { contains: middle },
    { wildcard: stars(start) + pick(random, ["*", ""]) + stars(end) },
    { wildcard: `*${stars(middle)}*` },
    { match: literal(middle) },
    { match: `^${literal(start)}` },
    { match: `^(?:${literal(start)}|x).*$` },
    { between: { gte: "2019-01-01", lt: "2021-01-01T00:00:00Z" } },
    { length: { gt: cut, lte: text.length } },
    { cidr: ["0.0.0.0/0", "::/0"] },
  ].filter((operator) => Object.values(operator).every((operand) => JSON.stringify(operand).length < 500));
}

function numberOperators(number: number, random: Random): readonly object[] {
  const away = random(3);
  return [
    { exact: number },
    { in: [number, number + 1] },
    { anythingBut: number },
    { lt: number + away },
    { lte: number + away },
    { gt: number - away },
    { gte: number - away },
    { between: { gte: number - away, lt: number + 1 } },
    { between: { gt: number - 1, lte: number + away } },
  ];
}

function primitive(value: JsonValue | undefined): string | number | boolean | null {
  return typeof value === "object" || value === undefined ? null : value;
}
