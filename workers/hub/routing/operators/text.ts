import type { Primitive } from "../../../../schema/config/operands.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { type Key, type Keys, PRESENT } from "../lookup/keys.ts";
import type { Test } from "./compiled.ts";
import { fold } from "./fold.ts";
import { compilePattern } from "./pattern.ts";
import { matchesWildcard, parseWildcard } from "./wildcard.ts";

/** `exact` and `equalsIgnoreCase`. Zero equals minus zero. Values of different types are never equal. */
export function compileExact(wanted: Primitive, ignoreCase: boolean): Test {
  if (typeof wanted === "string" && ignoreCase) {
    const text = fold(wanted);
    const holds: Test["holds"] = (value) => typeof value === "string" && fold(value) === text;
    return { holds, keys: proof({ kind: "folded", text }), cost: 3 };
  }
  return { holds: (value) => value === wanted, keys: proof({ kind: "value", value: wanted }), cost: 1 };
}

/** `in`. */
export function compileIn(values: readonly Primitive[], ignoreCase: boolean): Test {
  const fixed = new Set<JsonValue>(ignoreCase ? values.filter((value) => typeof value !== "string") : values);
  const folded = new Set(ignoreCase ? values.filter((value) => typeof value === "string").map(fold) : []);
  const keys = [
    ...[...fixed].map((value): Key => ({ kind: "value", value: value as Primitive })),
    ...[...folded].map((text): Key => ({ kind: "folded", text })),
  ];
  const holds: Test["holds"] =
    folded.size === 0
      ? (value) => fixed.has(value)
      : (value) => (typeof value === "string" ? folded.has(fold(value)) : fixed.has(value));
  return { holds, keys: { keys, proof: true }, cost: 2 };
}

/** `prefix` and `suffix`. */
export function compileAffix(kind: "prefix" | "suffix", wanted: string, ignoreCase: boolean): Test {
  const text = ignoreCase ? fold(wanted) : wanted;
  const read = reader(ignoreCase);
  const holds: Test["holds"] =
    kind === "prefix"
      ? (value) => typeof value === "string" && read(value).startsWith(text)
      : (value) => typeof value === "string" && read(value).endsWith(text);
  return { holds, keys: proof({ kind, text, folded: ignoreCase }), cost: 2 };
}

/** `contains`: a part of a string, or a member of an array. */
export function compileContains(wanted: Primitive, ignoreCase: boolean): Test {
  if (typeof wanted !== "string") {
    return {
      holds: (value) => Array.isArray(value) && value.includes(wanted),
      keys: proof({ kind: "member", value: wanted }),
      cost: 4,
    };
  }
  const text = ignoreCase ? fold(wanted) : wanted;
  const read = reader(ignoreCase);
  const isWanted = (member: JsonValue) => typeof member === "string" && read(member) === text;
  const holds: Test["holds"] = (value) =>
    typeof value === "string" ? read(value).includes(text) : Array.isArray(value) && value.some(isWanted);
  const member: Key = ignoreCase ? { kind: "foldedMember", text } : { kind: "member", value: text };
  return { holds, keys: { keys: [member, { kind: "substring", text, folded: ignoreCase }], proof: true }, cost: 5 };
}

/** `wildcard`. @throws Refusal for an unknown escape. */
export function compileWildcard(source: string, ignoreCase: boolean): Test {
  const parts = parseWildcard(ignoreCase ? fold(source) : source);
  const read = reader(ignoreCase);
  const holds: Test["holds"] = (value) => typeof value === "string" && matchesWildcard(parts, read(value));
  return { holds, keys: wildcardKeys(parts, ignoreCase), cost: 4 };
}

function wildcardKeys(parts: readonly string[], folded: boolean): Keys {
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return proof(folded ? { kind: "folded", text: first } : { kind: "value", value: first });
  const others = (kept: number) => parts.every((part, index) => index === kept || part === "");
  if (first !== "") return { keys: [{ kind: "prefix", text: first, folded }], proof: others(0) };
  if (last !== "") return { keys: [{ kind: "suffix", text: last, folded }], proof: others(parts.length - 1) };
  const longest = parts.reduce((best, part, index) => (part.length > (parts[best]?.length ?? 0) ? index : best), 0);
  return { keys: [{ kind: "substring", text: parts[longest] ?? "", folded }], proof: others(longest) };
}

/** `match`. @throws Refusal */
export function compileMatch(source: string, ignoreCase: boolean): Test {
  const { test, prefix, isPrefix } = compilePattern(source, ignoreCase);
  const holds: Test["holds"] = (value) => typeof value === "string" && test(value);
  if (prefix === "" && !isPrefix) return { holds, keys: PRESENT, cost: 30 };
  return { holds, keys: { keys: [{ kind: "prefix", text: prefix, folded: ignoreCase }], proof: isPrefix }, cost: 30 };
}

function reader(ignoreCase: boolean): (text: string) => string {
  return ignoreCase ? fold : (text) => text;
}

function proof(key: Key): Keys {
  return { keys: [key], proof: true };
}
