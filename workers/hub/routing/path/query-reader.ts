import { type JSONPathQuery, jsonpath } from "json-p3";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { compileFilter, type Read } from "./filter.ts";
import { child, childReader, children, isDescendant, type Segment, singularKeys, singularReader } from "./segments.ts";

type Select = (node: JsonValue, root: JsonValue, found: JsonValue[]) => void;

const { NameSelector, IndexSelector, WildcardSelector, SliceSelector, FilterSelector } = jsonpath.selectors;

/** Compiles a query to a function that reads its values in document order. */
export function queryReader(query: JSONPathQuery): Read {
  const plain = query.segments.findIndex((segment) => typeof childReader(segment) !== "object");
  const stem = plain === -1 ? query.segments.length : plain;
  // The leading names and indices are read directly. If they lead nowhere, as is usual, nothing more is done.
  const base = singularReader(singularKeys(query.segments.slice(0, stem)));
  const steps = query.segments.slice(stem).map(compileSegment);
  return (node, root) => {
    const start = base(node);
    if (start === undefined) return [];
    let nodes = [start];
    for (const step of steps) nodes = step(nodes, root);
    return nodes;
  };
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

/**
 * Applies a selection to a node and everything below it, parents first. It has a stack of its own, because a payload may be nested as deeply as its
 * size allows.
 */
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
    const holds = compileFilter(selector.expression, queryReader);
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
