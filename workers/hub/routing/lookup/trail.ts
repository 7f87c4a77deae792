import type { EventPayload, JsonValue } from "../../../../schema/contract/index.ts";
import { EVERY, type Path } from "../path/path.ts";
import { child, children, type Key } from "../path/segments.ts";

interface Fork<T> {
  readonly next: Map<Key, Fork<T>>;
  every: Fork<T> | undefined;
  target: T | undefined;
}

/** Paths as a tree that is walked together with an event. Members that the event lacks cost nothing, however many paths there are. */
export interface Trail<T> {
  /** Visits the targets for whose paths the payload has a value. One target may be visited twice. */
  find(payload: EventPayload, visit: (target: T) => void): void;
}

/** With fewer paths than this, each is read by itself. */
export const FEW_PATHS = 16;

/** Puts the paths of some groups into a tree; `undefined` if they are few. */
export function buildTrail<T extends { readonly path: Path }>(groups: readonly T[]): Trail<T> | undefined {
  if (groups.length < FEW_PATHS) return undefined;
  const root: Fork<T> = newFork();
  const others: T[] = [];
  for (const group of groups) {
    const { trail } = group.path;
    if (trail === undefined) others.push(group);
    else trail.reduce(step, root).target = group;
  }
  return {
    find(payload, visit) {
      walk(root, payload, visit);
      for (const group of others) visit(group);
    },
  };
}

function step<T>(fork: Fork<T>, key: Key | typeof EVERY): Fork<T> {
  if (key === EVERY) {
    fork.every ??= newFork();
    return fork.every;
  }
  const next = fork.next.get(key) ?? newFork();
  fork.next.set(key, next);
  return next;
}

/** Recursion is bounded by the length of a path. */
function walk<T>(fork: Fork<T>, node: JsonValue, visit: (target: T) => void): void {
  if (fork.target !== undefined) visit(fork.target);
  if (typeof node !== "object" || node === null) return;
  const names = Array.isArray(node) || fork.next.size < 8 ? undefined : Object.keys(node);
  if (names === undefined || names.length >= fork.next.size) {
    for (const [key, next] of fork.next) {
      const value = child(node, key);
      if (value !== undefined) walk(next, value, visit);
    }
  } else {
    for (const name of names) {
      const next = fork.next.get(name);
      const value = next && child(node, name);
      if (next !== undefined && value !== undefined) walk(next, value, visit);
    }
  }
  if (fork.every !== undefined) for (const value of children(node)) walk(fork.every, value, visit);
}

function newFork<T>(): Fork<T> {
  return { next: new Map(), every: undefined, target: undefined };
}
