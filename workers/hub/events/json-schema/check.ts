import type { JsonValue } from "../../../../schema/contract/index.ts";

/** A fault of a payload and its place, in the form of Standard Schema. */
export interface EventFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The place of a value, as a chain. Places are written out only for faults. */
export interface Step {
  readonly parent: Step | undefined;
  readonly key: string | number;
}

/** Collects all faults, if a caller wants them beside the answer. */
export class Report {
  readonly faults: EventFault[] = [];

  add(step: Step | undefined, message: string): false {
    const path: (string | number)[] = [];
    for (let at = step; at !== undefined; at = at.parent) path.push(at.key);
    this.faults.push({ path: path.reverse(), message });
    return false;
  }
}

/** The parts of an object or an array that are evaluated, for `unevaluatedProperties` and `unevaluatedItems`. */
export class Seen {
  readonly keys = new Set<string>();
  readonly indexes = new Set<number>();
  allKeys = false;
  /** The number of items, from the first, that are evaluated. */
  items = 0;

  add(other: Seen): void {
    for (const key of other.keys) this.keys.add(key);
    for (const index of other.indexes) this.indexes.add(index);
    this.allKeys ||= other.allKeys;
    this.items = Math.max(this.items, other.items);
  }
}

/** Whether a value fits a schema. Without a report, a check ends at the first fault, and needs no place. */
export type Check = (
  value: JsonValue,
  step: Step | undefined,
  report: Report | undefined,
  seen: Seen | undefined,
) => boolean;

/** Joins checks into one. With a report it runs all of them, otherwise those up to the first that fails. */
export function allOf(checks: readonly Check[]): Check {
  const [first, second, third] = checks;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (third === undefined)
    return (value, step, report, seen) => {
      const holds = first(value, step, report, seen);
      return (holds || report !== undefined) && second(value, step, report, seen) && holds;
    };
  return (value, step, report, seen) => {
    let valid = true;
    for (let index = 0; index < checks.length; index++) {
      if (checks[index]?.(value, step, report, seen)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  };
}

/** The place of a member; `undefined` without a report. */
export const below = (step: Step | undefined, report: Report | undefined, key: string | number): Step | undefined =>
  report === undefined ? undefined : { parent: step, key };
