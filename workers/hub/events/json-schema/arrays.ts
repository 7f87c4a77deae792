import type { JsonValue } from "../../../../schema/contract/index.ts";
import { below, type Check, type Report, Seen, type Step } from "./check.ts";
import { equal } from "./equal.ts";

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** `minItems` and `maxItems`. */
export function checkItemCount(min: number, max: number): Check {
  return (value, step, report) => {
    if (!isArray(value) || (value.length >= min && value.length <= max)) return true;
    return !!report?.add(
      step,
      value.length < min ? `must have at least ${min} items` : `must have at most ${max} items`,
    );
  };
}

/** `uniqueItems`. */
export function checkUnique(): Check {
  return (value, step, report) => {
    if (!isArray(value) || value.length < 2) return true;
    const simple = new Set<JsonValue>();
    const others: JsonValue[] = [];
    for (const [index, item] of value.entries()) {
      const nested = typeof item === "object" && item !== null;
      if (nested ? others.some((other) => equal(other, item)) : simple.has(item))
        return !!report?.add(below(step, report, index), "is in the list a second time");
      if (nested) others.push(item);
      else simple.add(item);
    }
    return true;
  };
}

/** `prefixItems` and `items`. */
export function checkItems(first: readonly Check[], rest: Check | undefined): Check {
  const plain = (item: JsonValue) => rest?.(item, undefined, undefined, undefined) ?? true;
  return (value, step, report, seen) => {
    if (!isArray(value)) return true;
    if (first.length === 0 && report === undefined && seen === undefined) return value.every(plain);
    const end = rest === undefined ? Math.min(first.length, value.length) : value.length;
    if (seen !== undefined) seen.items = Math.max(seen.items, end);
    return checkEach(value, 0, end, (index) => first[index] ?? rest, step, report);
  };
}

function checkEach(
  items: readonly JsonValue[],
  from: number,
  end: number,
  checkOf: (index: number) => Check | undefined,
  step: Step | undefined,
  report: Report | undefined,
): boolean {
  let valid = true;
  for (let index = from; index < end; index++) {
    if (checkOf(index)?.(items[index] as JsonValue, below(step, report, index), report, undefined) !== false) continue;
    if (report === undefined) return false;
    valid = false;
  }
  return valid;
}

/** `contains`, with `minContains` and `maxContains`. */
export function checkContains(check: Check, min: number, max: number): Check {
  return (value, step, report, seen) => {
    if (!isArray(value)) return true;
    let count = 0;
    for (const [index, item] of value.entries()) {
      if (!check(item, undefined, undefined, undefined)) continue;
      count++;
      seen?.indexes.add(index);
      if (seen === undefined && count >= min && max === Number.POSITIVE_INFINITY) return true;
    }
    if (count >= min && count <= max) return true;
    const words = count < min ? `at least ${min}` : `at most ${max}`;
    return !!report?.add(step, `must have ${words} of the items that "contains" asks for, got ${count}`);
  };
}

/** `unevaluatedItems`: checks the items that the other keywords, in `checks`, have not evaluated. */
export function checkUnevaluatedItems(checks: Check, others: Check): Check {
  return (value, step, report, seen) => {
    const own = new Seen();
    let valid = checks(value, step, report, own);
    if (!valid && report === undefined) return false;
    if (isArray(value)) {
      const checkOf = (index: number) => (own.indexes.has(index) ? undefined : others);
      if (!checkEach(value, own.items, value.length, checkOf, step, report)) valid = false;
      own.items = value.length;
    }
    seen?.add(own);
    return valid;
  };
}
