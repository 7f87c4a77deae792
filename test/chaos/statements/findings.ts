/** The invariants that the fuzzer watches. */
export const INVARIANTS = {
  final: "a final status never changes",
  generation: "a generation never decreases",
  counted: "the executions of a dispatch are 1..n without gaps, and n is its attempts",
  owner: "a claim never takes what belongs to another instance",
  paused: "no attempt begins once a pause has been answered",
  deadlock: "no two statements wait for each other",
  stored: "what emit() answered was stored",
  key: "one event for a key and its index",
  retried: "a dispatch is retried once",
  affected: "an operation says how much it did",
  whole: "what is ongoing has its event and its payload",
  retention: "retention takes nothing that is ongoing or not routed yet",
  refused: "no statement is refused by the database",
} as const;
export type Invariant = keyof typeof INVARIANTS;

/** One place where an invariant does not hold. */
export interface Violation {
  invariant: Invariant;
  detail: string;
  /** Seconds since the run began. */
  second: number;
}

/** The most violations that are kept with their details: the first ones tell most. */
const MAX_KEPT = 100;

/** Everything that a run has counted and found so far. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly counts = new Map<string, number>();
  readonly #began = performance.now();

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  violated(invariant: Invariant, detail: string): void {
    this.count(`violation of ${invariant}`);
    const second = Math.round((performance.now() - this.#began) / 100) / 10;
    if (this.violations.length < MAX_KEPT) this.violations.push({ invariant, detail, second });
  }
}
