import type { JsonValue } from "../../../../schema/contract/index.ts";
import { inSpan } from "../operators/numeric.ts";
import type { Span } from "./keys.ts";

interface Entry<T> {
  readonly span: Span;
  readonly target: T;
}

interface Tree<T> {
  readonly center: number;
  readonly below: Tree<T> | undefined;
  readonly above: Tree<T> | undefined;
  /** The spans that contain or touch the center, by ascending low ends and by descending high ends. */
  readonly byLow: readonly Entry<T>[];
  readonly byHigh: readonly Entry<T>[];
}

/** Finds the spans that contain a number. A centered interval tree, so that it examines only those and the ones that end at the number. */
export class SpanLookup<T> {
  readonly #tree: Tree<T> | undefined;

  constructor(entries: readonly Entry<T>[]) {
    this.#tree = build(entries);
  }

  find(value: JsonValue, visit: (target: T) => void): void {
    if (typeof value !== "number") return;
    for (let tree = this.#tree; tree !== undefined; tree = value < tree.center ? tree.below : tree.above) {
      if (value < tree.center) {
        for (const { span, target } of tree.byLow) {
          if (span.low > value) break;
          if (inSpan(value, span)) visit(target);
        }
      } else {
        for (const { span, target } of tree.byHigh) {
          if (span.high < value) break;
          if (inSpan(value, span)) visit(target);
        }
      }
    }
  }
}

function build<T>(entries: readonly Entry<T>[]): Tree<T> | undefined {
  if (entries.length === 0) return undefined;
  // The median of the finite ends halves the rest, so the tree is no deeper than log2 of the number of entries.
  const ends = entries
    .flatMap(({ span }) => [span.low, span.high])
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  const center = ends[ends.length >>> 1] ?? 0;
  const here = entries.filter(({ span }) => span.low <= center && center <= span.high);
  return {
    center,
    below: build(entries.filter(({ span }) => span.high < center)),
    above: build(entries.filter(({ span }) => span.low > center)),
    byLow: here.toSorted((one, other) => compare(one.span.low, other.span.low)),
    byHigh: here.toSorted((one, other) => compare(other.span.high, one.span.high)),
  };
}

/** Does not subtract: for two infinities that would be NaN. */
function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
