import type { Expression } from "../expression.ts";
import type { Predicate } from "../predicates.ts";
import { type Key, keyName } from "./keys.ts";

/** A key of a predicate: an event that satisfies the predicate is found under one of its keys. */
export interface Anchor {
  readonly id: string;
  readonly key: Key;
  readonly predicate: Predicate;
  /** Whether being found under it proves the predicate. */
  readonly proof: boolean;
}

/** How often each anchor occurs among the routes of one index. */
export type Frequencies = ReadonlyMap<string, number>;

/** Adds the anchors of one route to the count. */
export function countAnchors(expression: Expression, counts: Map<string, number>): void {
  if (expression.op === "and" || expression.op === "or") {
    for (const part of expression.parts) countAnchors(part, counts);
  } else if (expression.op === "test" && expression.expect) {
    for (const { id } of anchorsOf(expression.predicate)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
}

/**
 * A set of anchors of which an event must have at least one to satisfy the expression, chosen so that few other routes share them. `undefined` if
 * there is none, because an event without any anchor can satisfy the expression. `used` are the anchors that led here.
 */
export function chooseCover(
  expression: Expression,
  counts: Frequencies,
  routes: number,
  used: ReadonlySet<string>,
): { anchors: readonly Anchor[]; cost: number } | undefined {
  if (expression.op === "test") {
    if (!expression.expect) return undefined;
    const anchors = anchorsOf(expression.predicate);
    if (anchors.some(({ id }) => used.has(id))) return undefined;
    return { anchors, cost: anchors.reduce((sum, anchor) => sum + anchorCost(anchor, counts, routes), 0) };
  }
  if (expression.op === "false") return { anchors: [], cost: 0 };
  if (expression.op === "true") return undefined;
  const covers = expression.parts.map((part) => chooseCover(part, counts, routes, used));
  if (expression.op === "and") {
    return covers.reduce((best, cover) =>
      best === undefined || (cover !== undefined && cover.cost < best.cost) ? cover : best,
    );
  }
  const found = covers.filter((cover) => cover !== undefined);
  if (found.length < covers.length) return undefined;
  const anchors = new Map(found.flatMap((cover) => cover.anchors.map((anchor) => [anchor.id, anchor])));
  return { anchors: [...anchors.values()], cost: found.reduce((sum, { cost }) => sum + cost, 0) };
}

/** About how many routes an event that is found under the anchor will have to examine. */
function anchorCost({ id, key }: Anchor, counts: Frequencies, routes: number): number {
  const count = counts.get(id) ?? 1;
  switch (key.kind) {
    case "value":
    case "folded":
    case "member":
    case "foldedMember":
    case "block":
      return count;
    case "prefix":
    case "suffix":
    case "substring":
      // A short text occurs in many.
      return count + routes / 2 ** Math.min(key.text.length + 2, 16);
    case "span":
      return count + routes / 8;
    case "present":
      return count + routes / 2;
  }
}

const anchors = new WeakMap<Predicate, readonly Anchor[]>();

function anchorsOf(predicate: Predicate): readonly Anchor[] {
  let found = anchors.get(predicate);
  if (found === undefined) {
    const { keys, proof } = predicate.test.keys;
    found = keys.map((key) => {
      return { id: `${predicate.path.id}:${keyName(key)}`, key, predicate, proof: proof && !predicate.every };
    });
    anchors.set(predicate, found);
  }
  return found;
}
