/** Random numbers that a seed repeats. Each part of the campaign has its own generator, so that the order in which the parts run changes nothing. */
export class Random {
  #state: number;

  /** @param seed Any text, e.g. `17/load`. */
  constructor(seed: string) {
    this.#state = hash(seed);
  }

  /** Uniform from 0 (included) to 1 (excluded). Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the names, by weight. If the weights add up to less than 1, the rest gives `undefined`. */
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name | undefined {
    let rest = this.next();
    for (const name of Object.keys(weights) as Name[]) {
      rest -= weights[name];
      if (rest < 0) return name;
    }
    return undefined;
  }

  /** One of the items. @throws If there are none. */
  one<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }

  /** The items in any order. */
  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.flatMap(() => rest.splice(this.integer(0, rest.length - 1), 1));
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
