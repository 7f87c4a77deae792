import type { JsonValue } from "../../../../schema/contract/index.ts";

/** What is wrong with a payload, and where: as Standard Schemas tell it, too. */
export interface EventFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Where a value stands, as a chain: places are written out only for faults. */
export interface Step {
  readonly parent: Step | undefined;
  readonly key: string | number;
}

/** What is found out beside the answer: all faults, if that is asked for. */
export class Report {
  readonly faults: EventFault[] = [];

  add(step: Step | undefined, message: string): false {
    const path: (string | number)[] = [];
    for (let at = step; at !== undefined; at = at.parent) path.push(at.key);
    this.faults.push({ path: path.reverse(), message });
    return false;
  }
}

/** What has been looked at of an object or an array, for `unevaluatedProperties` and `unevaluatedItems`. */
export class Seen {
  readonly keys = new Set<string>();
  readonly indexes = new Set<number>();
  allKeys = false;
  /** Items up to this one have been looked at. */
  items = 0;

  add(other: Seen): void {
    for (const key of other.keys) this.keys.add(key);
    for (const index of other.indexes) this.indexes.add(index);
    this.allKeys ||= other.allKeys;
    this.items = Math.max(this.items, other.items);
  }
}

/** Whether a value is as a schema has it. Without a report it ends with the first fault, and needs no place. */
export type Check = (
  value: JsonValue,
  step: Step | undefined,
  report: Report | undefined,
  seen: Seen | undefined,
) => boolean;

/** Runs all of some checks for a report, else up to the first that fails. */
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

/** The place of a member, where places are wanted. */
export const below = (step: Step | undefined, report: Report | undefined, key: string | number): Step | undefined =>
  report === undefined ? undefined : { parent: step, key };
