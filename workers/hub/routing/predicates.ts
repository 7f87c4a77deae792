import type { Comparator, Condition } from "../../../schema/config/conditions.ts";
import { at, type Place } from "../../../schema/config/faults.ts";
import { Refusal } from "../../../schema/text/patterns/refusal.ts";
import { keyName } from "./lookup/keys.ts";
import { OperandRefusal, type Test } from "./operators/compiled.ts";
import { compileOperator, operatorOf } from "./operators/operators.ts";
import { compilePath, type Path } from "./path/path.ts";

/** A question about an event that routes share: whether the values at a path satisfy an operator. */
export interface Predicate {
  readonly path: Path;
  readonly test: Test;
  /** Whether every value found must satisfy the operator, and at least one must be found. Otherwise one that satisfies it is enough. */
  readonly every: boolean;
  /**
   * The last event that was asked about, and the answer. They are here and not in a table, so that data read together is close together in memory.
   */
  event: number;
  answer: boolean;
}

/** A comparator as a predicate, and the answer that it requires. */
export interface Question {
  readonly predicate: Predicate;
  readonly expect: boolean;
}

/** Compiles comparators. Compiles each distinct path and predicate of a configuration once. */
export class Predicates {
  /** Each path by its spelling, so that it is parsed once, and by its meaning. */
  readonly #spelt = new Map<string, Path | Refusal>();
  readonly #paths = new Map<string, Path>();
  readonly #written = new Map<string, Predicate>();
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

  /** Compiles a comparator. Returns its faults, each with its place. */
  add(comparator: Comparator, place: Place): { place: Place; message: string }[] {
    const faults: { place: Place; message: string }[] = [];
    const path = this.#path(comparator.path);
    if (path instanceof Refusal) faults.push({ place: at(place, "path"), message: path.message });
    const operator = operatorOf(comparator);
    const every = comparator.quantifier === "all";
    const written = JSON.stringify([
      comparator.path,
      operator,
      comparator[operator],
      comparator.ignoreCase ?? false,
      every,
    ]);
    let predicate = this.#written.get(written);
    if (predicate === undefined) {
      try {
        const test = compileOperator(comparator, place);
        if (path instanceof Refusal) return faults;
        predicate = this.#predicate(path, test, every && !path.singular, written);
        this.#written.set(written, predicate);
      } catch (error) {
        if (!(error instanceof OperandRefusal)) throw error;
        return [...faults, { place: error.place, message: error.message }];
      }
    }
    const expect = comparator.quantifier !== "none" && comparator.exists !== false;
    this.#questions.set(comparator, { predicate, expect });
    return faults;
  }

  /**
   * A predicate with this meaning. If a test's keys describe it completely, they are its meaning: `in: ["a"]` is `exact: "a"`, and `wildcard: "a*"`
   * is `prefix: "a"`.
   */
  #predicate(path: Path, test: Test, every: boolean, written: string): Predicate {
    const meaning = test.keys.proof ? [...new Set(test.keys.keys.map(keyName))].sort() : written;
    const key = JSON.stringify([path.id, every, meaning]);
    const predicate = this.#predicates.get(key) ?? { path, test, every, event: 0, answer: false };
    this.#predicates.set(key, predicate);
    return predicate;
  }

  #path(text: string): Path | Refusal {
    let path = this.#spelt.get(text);
    if (path === undefined) {
      path = this.#compile(text);
      this.#spelt.set(text, path);
    }
    return path;
  }

  #compile(text: string): Path | Refusal {
    try {
      const path = compilePath(text, this.#paths.size);
      const known = this.#paths.get(path.key) ?? path;
      this.#paths.set(path.key, known);
      return known;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}
