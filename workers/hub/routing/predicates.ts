import type { Comparator, Condition } from "../../../schema/conditions.ts";
import { at, type Place } from "../../../schema/faults.ts";
import { Refusal } from "../../../workflows/patterns/refusal.ts";
import { compileOperator, OperandRefusal, operatorOf, type Test } from "./operators.ts";
import { compilePath, type Path } from "./path.ts";

/** A question about an event that routes share: whether the values at a path satisfy an operator. */
export interface Predicate {
  readonly path: Path;
  readonly test: Test;
  /** Every value found must satisfy the operator, and at least one be found; else one is enough. */
  readonly every: boolean;
  /** The last event that was asked about, and the answer. Kept here, not in a table: what is read together lies together in memory. */
  event: number;
  answer: boolean;
}

/** A comparator as a predicate and the answer that it wants. */
export interface Question {
  readonly predicate: Predicate;
  readonly expect: boolean;
}

/** Compiles comparators, each distinct path and predicate of a configuration once. */
export class Predicates {
  readonly #paths = new Map<string, Path | Refusal>();
  readonly #predicates = new Map<string, Predicate>();
  readonly #questions = new Map<Condition, Question>();

  get pathCount(): number {
    return this.#paths.size;
  }

  /** The question of a comparator that was added. */
  questionOf(comparator: Comparator): Question {
    const question = this.#questions.get(comparator);
    if (question === undefined) throw new TypeError("a comparator that was not added");
    return question;
  }

  /** Compiles a comparator; returns its faults, each with its place. */
  add(comparator: Comparator, place: Place): { place: Place; message: string }[] {
    const faults: { place: Place; message: string }[] = [];
    const path = this.#path(comparator.path);
    if (path instanceof Refusal) faults.push({ place: at(place, "path"), message: path.message });
    const operator = operatorOf(comparator);
    const every = comparator.quantifier === "all";
    const key = JSON.stringify([
      comparator.path,
      operator,
      comparator[operator],
      comparator.ignoreCase ?? false,
      every,
    ]);
    let predicate = this.#predicates.get(key);
    if (predicate === undefined) {
      try {
        const test = compileOperator(comparator, place);
        if (path instanceof Refusal) return faults;
        predicate = { path, test, every, event: 0, answer: false };
        this.#predicates.set(key, predicate);
      } catch (error) {
        if (!(error instanceof OperandRefusal)) throw error;
        return [...faults, { place: error.place, message: error.message }];
      }
    }
    const expect = comparator.quantifier !== "none" && comparator.exists !== false;
    this.#questions.set(comparator, { predicate, expect });
    return faults;
  }

  #path(text: string): Path | Refusal {
    let path = this.#paths.get(text);
    if (path === undefined) {
      try {
        path = compilePath(text, this.#paths.size);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        path = error;
      }
      this.#paths.set(text, path);
    }
    return path;
  }
}
