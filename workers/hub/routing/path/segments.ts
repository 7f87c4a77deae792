import { type JSONPathQuery, jsonpath } from "json-p3";
import type { JsonValue } from "../../../../schema/contract/index.ts";

/** A member's name or an element's index. A negative index counts from the end. */
export type Key = string | number;
/** Values that were found, in document order. */
export type Nodes = readonly JsonValue[];
/** A part of a query: a part between two dots, or in one pair of brackets. */
export type Segment = JSONPathQuery["segments"][number];

const { ChildSegment, DescendantSegment } = segmentClasses();
const { NameSelector, IndexSelector, WildcardSelector } = jsonpath.selectors;

/** json-p3 does not export the classes of its two kinds of segments, so this takes them from a path that has both. */
function segmentClasses() {
  const [child, descendant] = jsonpath.compile("$.a..b").segments;
  return { ChildSegment: child?.constructor, DescendantSegment: descendant?.constructor };
}

/** Whether a segment is `..`. */
export function isDescendant(segment: Segment): boolean {
  if (segment.constructor === DescendantSegment) return true;
  if (segment.constructor === ChildSegment) return false;
  throw new TypeError(`unknown JSONPath segment: ${segment.toString()}`);
}

/** The key of a segment that is one name or index, `*` for a wildcard, `undefined` for all others. */
export function childReader(segment: Segment): { key: Key } | "*" | undefined {
  const [selector] = segment.selectors;
  if (isDescendant(segment) || segment.selectors.length !== 1) return undefined;
  if (selector instanceof NameSelector) return { key: selector.name };
  if (selector instanceof IndexSelector) return { key: selector.index };
  return selector instanceof WildcardSelector ? "*" : undefined;
}

/** Whether a query finds at most one value. */
export function isSingular(query: JSONPathQuery): boolean {
  return query.segments.every((segment) => typeof childReader(segment) === "object");
}

/** The keys of segments that are all names or indices. */
export function singularKeys(segments: readonly Segment[]): Key[] {
  return segments.flatMap((segment) => {
    const reader = childReader(segment);
    return typeof reader === "object" ? [reader.key] : [];
  });
}

/** One member or element, or `undefined`. Reads own members only: `__proto__` and `constructor` are data. */
export function child(node: JsonValue | undefined, key: Key): JsonValue | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  if (Array.isArray(node)) return typeof key === "string" ? undefined : node[key < 0 ? node.length + key : key];
  if (typeof key === "number" || (key in Object.prototype && !Object.hasOwn(node, key))) return undefined;
  return (node as { readonly [key: string]: JsonValue })[key];
}

/** Reads a chain of names and indices. */
export function singularReader(keys: readonly Key[]): (node: JsonValue) => JsonValue | undefined {
  const names = keys
    .filter((key): key is string => typeof key === "string" && !(key in Object.prototype))
    .map(internalize);
  if (names.length < keys.length) {
    return (node) =>
      keys.reduce<JsonValue | undefined>((value, key) => (value === undefined ? value : child(value, key)), node);
  }
  const [first, second, third] = names;
  if (first === undefined) return (node) => node;
  if (second === undefined) return (node) => member(node, first);
  if (third === undefined) return (node) => member(member(node, first), second);
  return (node) =>
    names.reduce<JsonValue | undefined>((value, name) => (value === undefined ? value : member(value, name)), node);
}

/** Reads a member whose name no prototype has, so that only the object itself can have it. */
function member(node: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof node !== "object" || node === null || Array.isArray(node)) return undefined;
  return (node as { readonly [key: string]: JsonValue })[name];
}

/** The string object that the engine keeps for a property's name. A piece cut from a path would have to be looked up at every read. */
function internalize(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}

/** The elements of an array or the values of an object; empty for any other value. */
export function children(node: JsonValue): Nodes {
  if (typeof node !== "object" || node === null) return [];
  return Array.isArray(node) ? node : Object.values(node);
}
