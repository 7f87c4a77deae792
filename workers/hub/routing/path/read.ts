import { type JSONPathQuery, jsonpath } from "json-p3";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { compileFilter } from "./filter.ts";

/** A member's name or an element's index; a negative index counts from the end. */
export type Key = string | number;
export type Nodes = readonly JsonValue[];
/** Reads the values of a query below `node`; `root` is the whole payload. */
export type Read = (node: JsonValue, root: JsonValue) => JsonValue[];
type Select = (node: JsonValue, root: JsonValue, found: JsonValue[]) => void;
type Segment = JSONPathQuery["segments"][number];

const { ChildSegment, DescendantSegment } = segmentClasses();
const { NameSelector, IndexSelector, WildcardSelector, SliceSelector, FilterSelector } = jsonpath.selectors;

/** json-p3 does not export its two kinds of segments: take them from a path that has both. */
function segmentClasses() {
  const [child, descendant] = jsonpath.compile("$.a..b").segments;
  return { ChildSegment: child?.constructor, DescendantSegment: descendant?.constructor };
}

/** True for `..`. */
export function isDescendant(segment: Segment): boolean {
  if (segment.constructor === DescendantSegment) return true;
  if (segment.constructor === ChildSegment) return false;
  throw new TypeError(`unknown JSONPath segment: ${segment.toString()}`);
}

/** The key of a segment that is one name or index, `*` for one that is a wildcard, `undefined` for all others. */
export function childReader(segment: Segment): { key: Key } | "*" | undefined {
  const [selector] = segment.selectors;
  if (isDescendant(segment) || segment.selectors.length !== 1) return undefined;
  if (selector instanceof NameSelector) return { key: selector.name };
  if (selector instanceof IndexSelector) return { key: selector.index };
  return selector instanceof WildcardSelector ? "*" : undefined;
}

/** True if a query finds at most one value. */
export function isSingular(query: JSONPathQuery): boolean {
  return query.segments.every((segment) => typeof childReader(segment) === "object");
}

/** The names and indices of a singular query. */
export function singularKeys(query: JSONPathQuery): Key[] {
  return query.segments.flatMap(keyOf);
}

/** One member or element, or `undefined`. Own members only: `__proto__` and `constructor` are data. */
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

/** A member that no prototype has: nothing but the object itself can answer. */
function member(node: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof node !== "object" || node === null || Array.isArray(node)) return undefined;
  return (node as { readonly [key: string]: JsonValue })[name];
}

/** The same string as the engine keeps for a property's name: a piece cut from a path would have to be looked up at every read. */
function internalize(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}

/** Compiles a query to a function that reads its values in document order. */
export function queryReader(query: JSONPathQuery): Read {
  const plain = query.segments.findIndex((segment) => typeof childReader(segment) !== "object");
  const stem = plain === -1 ? query.segments.length : plain;
  // What comes before the first wildcard is read directly: where it is missing, as mostly, nothing more is done.
  const base = singularReader(query.segments.slice(0, stem).flatMap(keyOf));
  const steps = query.segments.slice(stem).map(compileSegment);
  return (node, root) => {
    const start = base(node);
    if (start === undefined) return [];
    let nodes = [start];
    for (const step of steps) nodes = step(nodes, root);
    return nodes;
  };
}

function keyOf(segment: Segment): Key[] {
  const reader = childReader(segment);
  return typeof reader === "object" ? [reader.key] : [];
}

function compileSegment(segment: Segment): (nodes: JsonValue[], root: JsonValue) => JsonValue[] {
  const selects = segment.selectors.map(compileSelector);
  const apply: Select = (node, root, found) => {
    for (const select of selects) select(node, root, found);
  };
  const visit = isDescendant(segment) ? descend(apply) : apply;
  return (nodes, root) => {
    const found: JsonValue[] = [];
    for (const node of nodes) visit(node, root, found);
    return found;
  };
}

/** A node and all below it, parents first. With a stack of its own: a payload may be nested as deep as its size allows. */
function descend(apply: Select): Select {
  return (start, root, found) => {
    const stack: JsonValue[] = [start];
    while (stack.length > 0) {
      const node = stack.pop();
      if (typeof node !== "object" || node === null) continue;
      apply(node, root, found);
      const below = children(node);
      for (let index = below.length - 1; index >= 0; index--) stack.push(below[index] as JsonValue);
    }
  };
}

/** The elements of an array or the values of an object; nothing for others. */
export function children(node: JsonValue): Nodes {
  if (typeof node !== "object" || node === null) return [];
  return Array.isArray(node) ? node : Object.values(node);
}

function compileSelector(selector: Segment["selectors"][number]): Select {
  if (selector instanceof NameSelector || selector instanceof IndexSelector) {
    const key = selector instanceof NameSelector ? selector.name : selector.index;
    return (node, _root, found) => {
      const value = child(node, key);
      if (value !== undefined) found.push(value);
    };
  }
  if (selector instanceof WildcardSelector) {
    return (node, _root, found) => {
      for (const value of children(node)) found.push(value);
    };
  }
  if (selector instanceof SliceSelector) return compileSlice(selector.start, selector.stop, selector.step ?? 1);
  if (selector instanceof FilterSelector) {
    const holds = compileFilter(selector.expression);
    return (node, root, found) => {
      for (const value of children(node)) if (holds(value, root)) found.push(value);
    };
  }
  throw new TypeError(`unknown JSONPath selector: ${selector.toString()}`);
}

/** RFC 9535, 2.3.4.2.2. */
function compileSlice(start: number | undefined, stop: number | undefined, step: number): Select {
  return (node, _root, found) => {
    if (!Array.isArray(node) || step === 0) return;
    const length = node.length;
    const from = (index: number) => (index >= 0 ? index : length + index);
    const clamp = (index: number, low: number, high: number) => Math.min(Math.max(index, low), high);
    if (step > 0) {
      const end = clamp(from(stop ?? length), 0, length);
      for (let index = clamp(from(start ?? 0), 0, length); index < end; index += step) found.push(node[index]);
    } else {
      const end = clamp(stop === undefined ? -1 : from(stop), -1, length - 1);
      for (let index = clamp(from(start ?? length - 1), -1, length - 1); index > end; index += step)
        found.push(node[index]);
    }
  };
}
