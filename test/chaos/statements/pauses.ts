/** A pause that is on its way. */
interface Asked {
  name: string;
  /** Whether no resume has been on its way at any time since. */
  alone: boolean;
}

/** Milliseconds of `performance.now()` in which a destination is certainly paused. */
interface Span {
  from: number;
  to: number;
}

/** The most spans that are kept of a destination: no claim takes longer than these last. */
const MAX_SPANS = 50;

/** When operators' pauses certainly held: from the answer of a pause until the next resume is requested. */
export class Pauses {
  readonly #resuming = new Map<string, number>();
  readonly #asked = new Set<Asked>();
  readonly #spans = new Map<string, Span[]>();

  askPause(name: string): Asked {
    const asked = { name, alone: (this.#resuming.get(name) ?? 0) === 0 };
    this.#asked.add(asked);
    return asked;
  }

  answered(asked: Asked): void {
    this.#asked.delete(asked);
    const spans = this.#of(asked.name);
    const last = spans.at(-1);
    if (!asked.alone || last?.to === Number.POSITIVE_INFINITY) return;
    spans.push({ from: performance.now(), to: Number.POSITIVE_INFINITY });
    if (spans.length > MAX_SPANS) spans.shift();
  }

  failed(asked: Asked): void {
    this.#asked.delete(asked);
  }

  askResume(name: string): void {
    this.#resuming.set(name, (this.#resuming.get(name) ?? 0) + 1);
    for (const asked of this.#asked) if (asked.name === name) asked.alone = false;
    const last = this.#of(name).at(-1);
    if (last?.to === Number.POSITIVE_INFINITY) last.to = performance.now();
  }

  /** Nothing of the resume is on its way any longer. */
  resumed(name: string): void {
    this.#resuming.set(name, (this.#resuming.get(name) ?? 1) - 1);
  }

  /** The pause that contains all of that time, if there is one. */
  during(name: string, from: number, to: number): Span | undefined {
    return this.#of(name).find((span) => span.from < from && to < span.to);
  }

  #of(name: string): Span[] {
    const spans = this.#spans.get(name) ?? [];
    this.#spans.set(name, spans);
    return spans;
  }
}
