import type { Comparator, Condition } from "../../../schema/config/conditions.ts";
import { at, type Place, placeName } from "../../../schema/config/faults.ts";
import type { Route } from "../../../schema/config/routes.ts";
import type { Facts } from "./event-facts.ts";
import { excerpt } from "./excerpt.ts";
import { operatorOf } from "./operators/operators.ts";
import type { Path } from "./path/path.ts";
import type { Predicates } from "./predicates.ts";
import type { FailedComparator } from "./types.ts";

/** The most values shown of those that a path found. */
export const MAX_SHOWN_VALUES = 10;

/** The most characters shown of one value. */
export const MAX_SHOWN_VALUE_LENGTH = 200;

/** Explains why routes do not match the event of `facts`. It uses their conditions as configured, not the index. */
export class Explainer {
  readonly #predicates: Predicates;
  readonly #facts: Facts;
  readonly #found = new Map<Path, { found: readonly string[]; foundCount: number }>();

  constructor(predicates: Predicates, facts: Facts) {
    this.#predicates = predicates;
    this.#facts = facts;
  }

  /** Whether the route at `place` matches, and if not, which comparators are the reason. */
  explain({ condition }: Route, place: Place): { matched: boolean; failed: FailedComparator[] } {
    if (condition === undefined || this.#holds(condition)) return { matched: true, failed: [] };
    const failed: FailedComparator[] = [];
    this.#blame(condition, true, at(place, "condition"), failed);
    return { matched: false, failed };
  }

  #holds(condition: Condition): boolean {
    if ("allOf" in condition) return condition.allOf.every((part) => this.#holds(part));
    if ("anyOf" in condition) return condition.anyOf.some((part) => this.#holds(part));
    if ("not" in condition) return !this.#holds(condition.not);
    const { predicate, expect } = this.#predicates.questionOf(condition);
    return this.#facts.decide(predicate) === expect;
  }

  /** Adds the comparators because of which a condition differs from `wanted`. */
  #blame(condition: Condition, wanted: boolean, place: Place, failed: FailedComparator[]): void {
    if ("not" in condition) {
      this.#blame(condition.not, !wanted, at(place, "not"), failed);
    } else if ("allOf" in condition || "anyOf" in condition) {
      const [key, parts] =
        "allOf" in condition ? (["allOf", condition.allOf] as const) : (["anyOf", condition.anyOf] as const);
      for (const [index, part] of parts.entries()) {
        if (this.#holds(part) !== wanted) this.#blame(part, wanted, at(at(place, key), index), failed);
      }
    } else {
      failed.push(this.#describe(condition, !wanted, place));
    }
  }

  #describe(comparator: Comparator, negated: boolean, place: Place): FailedComparator {
    const operator = operatorOf(comparator);
    return {
      at: placeName(place),
      path: comparator.path,
      operator,
      operand: comparator[operator],
      ignoreCase: comparator.ignoreCase ?? false,
      quantifier: comparator.quantifier ?? "any",
      negated,
      ...this.#valuesAt(this.#predicates.questionOf(comparator).predicate.path),
    };
  }

  #valuesAt(path: Path): { found: readonly string[]; foundCount: number } {
    let shown = this.#found.get(path);
    if (shown === undefined) {
      const value = path.singular ? this.#facts.one(path) : undefined;
      const values = path.singular ? (value === undefined ? [] : [value]) : this.#facts.all(path);
      const found = values.slice(0, MAX_SHOWN_VALUES).map((one) => excerpt(one, MAX_SHOWN_VALUE_LENGTH));
      shown = { found, foundCount: values.length };
      this.#found.set(path, shown);
    }
    return shown;
  }
}
