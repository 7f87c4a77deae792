interface Affix<T> {
  readonly text: string;
  readonly target: T;
  /** The longest other affix that this one begins with. */
  parent: Affix<T> | undefined;
}

/**
 * Finds the affixes that a text starts (or ends) with, in one binary search: every prefix of a text is a prefix of the greatest affix that is not
 * greater than the text, so all of them are in that affix's chain of parents.
 */
export class AffixLookup<T> {
  readonly #affixes: readonly Affix<T>[];
  readonly #kind: "prefix" | "suffix";
  readonly #longest: number;

  constructor(entries: readonly { text: string; target: T }[], kind: "prefix" | "suffix") {
    this.#kind = kind;
    this.#longest = entries.reduce((most, { text }) => Math.max(most, text.length), 0);
    const affixes = entries.map(({ text, target }): Affix<T> => {
      return { text: kind === "prefix" ? text : reverse(text), target, parent: undefined };
    });
    affixes.sort((one, other) => (one.text < other.text ? -1 : 1));
    let previous: Affix<T> | undefined;
    for (const affix of affixes) {
      let parent = previous;
      while (parent !== undefined && !affix.text.startsWith(parent.text)) parent = parent.parent;
      affix.parent = parent;
      previous = affix;
    }
    this.#affixes = affixes;
  }

  find(whole: string, visit: (target: T) => void): void {
    const text = this.#kind === "prefix" ? whole : reverse(whole.slice(Math.max(whole.length - this.#longest, 0)));
    let low = 0;
    let high = this.#affixes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#affixes[middle]?.text ?? "") <= text) low = middle + 1;
      else high = middle;
    }
    let affix = this.#affixes[low - 1];
    while (affix !== undefined && !text.startsWith(affix.text)) affix = affix.parent;
    for (; affix !== undefined; affix = affix.parent) visit(affix.target);
  }
}

/** Reverses UTF-16 code units. It only has to do the same for affixes and texts. */
function reverse(text: string): string {
  let reversed = "";
  for (let index = text.length - 1; index >= 0; index--) reversed += text.charAt(index);
  return reversed;
}
