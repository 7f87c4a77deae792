import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import type { Path } from "./path/path.ts";
import type { Nodes } from "./path/segments.ts";
import type { Predicate } from "./predicates.ts";

/** Everything known about one event: each path is read, and each predicate decided, at most once. One object serves all events, one after another. */
export class Facts {
  #payload: EventPayload = {};
  /** The number of the present event. Facts with another number belong to earlier events. */
  #event = 0;
  readonly #one: (JsonValue | undefined)[];
  readonly #all: Nodes[];
  readonly #read: Float64Array;

  constructor(paths: number) {
    this.#one = new Array(paths).fill(undefined);
    this.#all = new Array(paths).fill([]);
    this.#read = new Float64Array(paths);
  }

  /** Forgets everything and begins with the next event. Returns its number, from 1. */
  start(payload: EventPayload): number {
    this.#payload = payload;
    this.#event++;
    return this.#event;
  }

  /** The value at a singular path. */
  one(path: Path): JsonValue | undefined {
    if (this.#read[path.id] !== this.#event) {
      this.#read[path.id] = this.#event;
      this.#one[path.id] = path.one(this.#payload);
    }
    return this.#one[path.id];
  }

  /** The values at a path that is not singular. */
  all(path: Path): Nodes {
    if (this.#read[path.id] !== this.#event) {
      this.#read[path.id] = this.#event;
      this.#all[path.id] = path.all(this.#payload);
    }
    return this.#all[path.id] ?? [];
  }

  /** Whether the event satisfies a predicate. */
  decide(predicate: Predicate): boolean {
    if (predicate.event !== this.#event) {
      predicate.event = this.#event;
      predicate.answer = this.#ask(predicate);
    }
    return predicate.answer;
  }

  #ask({ path, test, every }: Predicate): boolean {
    if (path.singular) {
      const value = this.one(path);
      return value !== undefined && test.holds(value);
    }
    const values = this.all(path);
    return every ? values.length > 0 && values.every(test.holds) : values.some(test.holds);
  }
}
