import { assume, type Expression, FALSE } from "../expression.ts";
import type { Path } from "../path/path.ts";
import { type Anchor, chooseCover, countAnchors } from "./cover.ts";
import { buildLookups, type Entry, type Lookup } from "./lookups.ts";
import { buildTrail, type Trail } from "./trail.ts";

/** A route, with the part of its condition that is still to be evaluated for events that come this far. */
export interface Candidate {
  readonly route: number;
  readonly expression: Expression;
}

/** The lookups at one path. */
export interface Group {
  readonly path: Path;
  readonly lookups: readonly Lookup<Node>[];
  /** The number of the last event that came here. */
  event: number;
}

/** The set of routes that an event may still match once it has come here. */
export interface Node {
  /** The number of the last event that came here. */
  event: number;
  /** The routes to evaluate here. The first is a member of its own, not in the list: most nodes have just one, and memory access is slow. */
  readonly first: Candidate;
  readonly others: readonly Candidate[];
  /** The further nodes, which an event reaches with its values at some path. */
  readonly groups: readonly Group[];
  /** Finds the groups for whose path the event has a value, if there are so many that asking each would be slower. */
  readonly trail: Trail<Group> | undefined;
}

const NOBODY: Candidate = { route: 0, expression: FALSE };
const NO_CANDIDATES: readonly Candidate[] = [];
const NO_GROUPS: readonly Group[] = [];

function newNode(candidates: readonly Candidate[], groups: readonly Group[]): Node {
  const [first = NOBODY] = candidates;
  const others = candidates.length > 1 ? candidates.slice(1) : NO_CANDIDATES;
  return { event: 0, first, others, groups, trail: buildTrail(groups) };
}

/** Up to this many candidates are faster to evaluate than to look up. */
const FEW_CANDIDATES = 4;
/** The most lookups that may follow one another. */
const MAX_INDEX_DEPTH = 6;
/** Below the first level, a route is filed under at most this many anchors. Otherwise, nested alternatives would multiply. */
const MAX_DEEP_ANCHORS = 4;

/** Builds the index of some routes. Each is filed under the rarest anchors of which its events must have one. */
export function buildIndex(candidates: readonly Candidate[], depth = 0, used: ReadonlySet<string> = new Set()): Node {
  const scanned = candidates.filter(({ expression }) => expression.op === "true");
  const open = candidates.filter(({ expression }) => expression.op !== "true" && expression.op !== "false");
  if (depth > MAX_INDEX_DEPTH || (depth > 0 && open.length <= FEW_CANDIDATES)) {
    return newNode([...scanned, ...open], NO_GROUPS);
  }
  const counts = new Map<string, number>();
  for (const { expression } of open) countAnchors(expression, counts);
  const filed = new Map<string, { anchor: Anchor; candidates: Candidate[] }>();
  for (const candidate of open) {
    const cover = chooseCover(candidate.expression, counts, open.length, used);
    if (cover === undefined || (depth > 0 && cover.anchors.length > MAX_DEEP_ANCHORS)) scanned.push(candidate);
    else file(candidate, cover.anchors, filed);
  }
  return newNode(scanned, buildGroups(filed.values(), depth, used));
}

function file(
  { route, expression }: Candidate,
  anchors: readonly Anchor[],
  filed: Map<string, { anchor: Anchor; candidates: Candidate[] }>,
): void {
  for (const anchor of anchors) {
    const rest = anchor.proof ? assume(expression, anchor.predicate) : expression;
    const bucket = filed.get(anchor.id);
    if (bucket === undefined) filed.set(anchor.id, { anchor, candidates: [{ route, expression: rest }] });
    else bucket.candidates.push({ route, expression: rest });
  }
}

function buildGroups(
  filed: Iterable<{ anchor: Anchor; candidates: Candidate[] }>,
  depth: number,
  used: ReadonlySet<string>,
): Group[] {
  const byPath = new Map<Path, Entry<Node>[]>();
  for (const { anchor, candidates } of filed) {
    const entries = byPath.get(anchor.predicate.path) ?? [];
    byPath.set(anchor.predicate.path, entries);
    entries.push({ key: anchor.key, target: buildIndex(candidates, depth + 1, new Set(used).add(anchor.id)) });
  }
  return [...byPath].map(([path, entries]) => ({ path, lookups: buildLookups(entries), event: 0 }));
}
