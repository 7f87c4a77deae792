import type { JsonValue } from "../../../../schema/contract/index.ts";
import { type Check, Report, Seen, type Step } from "./check.ts";

/** `anyOf`. Where none holds, the faults of the nearest are told. */
export function anyOf(checks: readonly Check[]): Check {
  return (value, step, report, seen) => {
    let valid = false;
    for (const check of checks) {
      const own = seen && new Seen();
      if (!check(value, undefined, undefined, own)) continue;
      // Each that holds has looked at something.
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
    if (count > 1) return !!report?.add(step, `must fit one of ${checks.length} schemas, and fits ${count}`);
    if (found === undefined) return tellNearest(checks, value, step, report);
    if (found.own !== undefined) seen?.add(found.own);
    return true;
  };
}

/** The schema that was meant is mostly the one with the fewest faults, and those not about what the value is at all. */
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

/** A schema of its own in the place of another: what it has looked at counts if it holds. */
export const inPlace =
  (check: Check): Check =>
  (value, step, report, seen) => {
    if (seen === undefined) return check(value, step, report, undefined);
    const own = new Seen();
    const holds = check(value, step, report, own);
    if (holds) seen.add(own);
    return holds;
  };
