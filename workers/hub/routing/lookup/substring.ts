interface State<T> {
  readonly next: Map<number, State<T>>;
  /** Where to continue if no next state fits: the longest proper suffix that is also a state. */
  fail: State<T> | undefined;
  target: T | undefined;
  /** The nearest state along `fail` that has a target. */
  output: State<T> | undefined;
}

/** Finds all substrings that a text contains in one pass, with the algorithm of Aho and Corasick. */
export class SubstringLookup<T> {
  readonly #start: State<T> = newState();
  /** With fewer substrings than this, it is faster to search for each. */
  static readonly FEW = 4;
  readonly #few: readonly { text: string; target: T }[] | undefined;

  constructor(entries: readonly { text: string; target: T }[]) {
    this.#few = entries.length < SubstringLookup.FEW ? entries : undefined;
    if (this.#few !== undefined) return;
    for (const { text, target } of entries) {
      let state = this.#start;
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index);
        let next = state.next.get(unit);
        if (next === undefined) {
          next = newState();
          state.next.set(unit, next);
        }
        state = next;
      }
      state.target = target;
    }
    this.#link();
  }

  #link(): void {
    const queue: State<T>[] = [this.#start];
    for (const state of queue) {
      for (const [unit, next] of state.next) {
        let fail = state.fail;
        while (fail !== undefined && !fail.next.has(unit)) fail = fail.fail;
        next.fail = fail?.next.get(unit) ?? this.#start;
        next.output = next.fail.target === undefined ? next.fail.output : next.fail;
        queue.push(next);
      }
    }
  }

  find(text: string, visit: (target: T) => void): void {
    if (this.#few !== undefined) {
      for (const { text: part, target } of this.#few) if (text.includes(part)) visit(target);
      return;
    }
    let state = this.#start;
    if (state.target !== undefined) visit(state.target);
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      let next = state.next.get(unit);
      while (next === undefined && state.fail !== undefined) {
        state = state.fail;
        next = state.next.get(unit);
      }
      if (next === undefined) continue;
      state = next;
      for (let found = reporting(state); found?.target !== undefined; found = found.output) visit(found.target);
    }
  }
}

function reporting<T>(state: State<T>): State<T> | undefined {
  return state.target === undefined ? state.output : state;
}

function newState<T>(): State<T> {
  return { next: new Map(), fail: undefined, target: undefined, output: undefined };
}
