import type { JsonValue } from "../../../../schema/contract/index.ts";
import { type Check, Report, Seen, type Step } from "./check.ts";

/** `anyOf`. If no schema fits, the report has the faults of the nearest. */
export function anyOf(checks: readonly Check[]): Check {
  return (value, step, report, seen) => {
    let valid = false;
    for (const check of checks) {
      const own = seen && new Seen();
      if (!check(value, undefined, undefined, own)) continue;
      // Each schema that fits may have evaluated something.
      if (own === undefined || seen === undefined) return true;
      seen.add(own);
      valid = true;
    }
    return valid || tellNearest(checks, value, step, report);
  };
}

/** `oneOf`. */
export function oneOf(checks: readonly Check[]): Check {
  return (value, step, report, seen) => {
    let found: { own: Seen | undefined } | undefined;
    let count = 0;
    for (const check of checks) {
      const own = seen && new Seen();
      if (!check(value, undefined, undefined, own)) continue;
      found = { own };
      count++;
      if (count > 1 && report === undefined) return false;
    }
    if (count > 1) return !!report?.add(step, `must fit one of ${checks.length} schemas, but fits ${count}`);
    if (found === undefined) return tellNearest(checks, value, step, report);
    if (found.own !== undefined) seen?.add(found.own);
    return true;
  };
}

/** Reports the faults of the schema with the fewest, which is usually the one that was meant. */
function tellNearest(
  checks: readonly Check[],
  value: JsonValue,
  step: Step | undefined,
  report: Report | undefined,
): false {
  if (report === undefined) return false;
  const reports = checks.map((check) => {
    const own = new Report();
    check(value, step, own, undefined);
    return own.faults;
  });
  const [nearest] = reports.toSorted((one, other) => one.length - other.length);
  if (nearest === undefined || nearest.length === 0) return report.add(step, "fits no schema");
  report.faults.push(...nearest);
  if (checks.length > 1) report.add(step, `fits none of ${checks.length} schemas: the nearest has these faults`);
  return false;
}

/** `not`. */
export const not =
  (check: Check): Check =>
  (value, step, report) =>
    !check(value, undefined, undefined, undefined) || !!report?.add(step, 'must not fit the schema under "not"');

/** `if`, `then` and `else`. */
export function choose(condition: Check, then: Check | undefined, otherwise: Check | undefined): Check {
  return (value, step, report, seen) => {
    const own = seen && new Seen();
    const holds = condition(value, undefined, undefined, own);
    if (holds && own !== undefined) seen?.add(own);
    const next = holds ? then : otherwise;
    return next === undefined || next(value, step, report, seen);
  };
}

/** A schema that stands for another. The parts that it has evaluated count only if it fits. */
export const inPlace =
  (check: Check): Check =>
  (value, step, report, seen) => {
    if (seen === undefined) return check(value, step, report, undefined);
    const own = new Seen();
    const holds = check(value, step, report, own);
    if (holds) seen.add(own);
    return holds;
  };
