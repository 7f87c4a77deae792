import type { JsonValue } from "../../../../schema/contract/index.ts";
import { allOf, below, type Check, Seen } from "./check.ts";

type JsonObject = { readonly [key: string]: JsonValue };

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a payload has a member. JSON has no `undefined`, so only names that every object inherits need a closer look. */
const has = (value: JsonObject, name: string): boolean =>
  name in Object.prototype ? Object.hasOwn(value, name) : value[name] !== undefined;

/** A check that applies to objects only. */
const ofObjects =
  (
    check: (
      value: JsonObject,
      ...rest: [step: Parameters<Check>[1], report: Parameters<Check>[2], seen: Seen | undefined]
    ) => boolean,
  ): Check =>
  (value, step, report, seen) =>
    !isObject(value) || check(value, step, report, seen);

/** `required`, or `dependentRequired` for the member `beside`. */
export function checkRequired(names: readonly string[], beside?: string): Check {
  const words = beside === undefined ? "is required" : `is required together with ${beside}`;
  return ofObjects((value, step, report) => {
    if (beside !== undefined && !Object.hasOwn(value, beside)) return true;
    let valid = true;
    for (const name of names) {
      if (has(value, name)) continue;
      if (report === undefined) return false;
      valid = report.add({ parent: step, key: name }, words);
    }
    return valid;
  });
}

/** `minProperties` and `maxProperties`. */
export function checkCount(min: number, max: number): Check {
  return ofObjects((value, step, report) => {
    const count = Object.keys(value).length;
    if (count >= min && count <= max) return true;
    return !!report?.add(step, count < min ? `must have at least ${min} members` : `must have at most ${max} members`);
  });
}

/** `propertyNames`. */
export function checkNames(check: Check): Check {
  return ofObjects((value, step, report) => {
    let valid = true;
    for (const key of Object.keys(value)) {
      if (check(key, below(step, report, key), report, undefined)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  });
}

/** The keywords of a schema for the members of an object. */
export interface Members {
  /** `properties`. */
  readonly named: ReadonlyMap<string, Check>;
  /** `patternProperties`. */
  readonly patterns: readonly (readonly [matches: (name: string) => boolean, check: Check])[];
  /** `additionalProperties`; `false` if no others are allowed. */
  readonly others: Check | false | undefined;
}

/** `properties`, `patternProperties` and `additionalProperties`. */
export function checkMembers({ named, patterns, others }: Members): Check {
  if (patterns.length === 0 && others === undefined) return checkNamed(named);
  return ofObjects((value, step, report, seen) => {
    let valid = true;
    for (const key of Object.keys(value)) {
      const checks = [named.get(key), ...patterns.map(([matches, check]) => (matches(key) ? check : undefined))].filter(
        (check) => check !== undefined,
      );
      if (checks.length === 0) {
        if (others === undefined) continue;
        if (others === false) {
          if (report === undefined) return false;
          valid = report.add({ parent: step, key }, "is not known");
          continue;
        }
        checks.push(others);
      }
      seen?.keys.add(key);
      if (allOf(checks)(value[key] as JsonValue, below(step, report, key), report, undefined)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  });
}

/** `properties` alone. It walks the schema's members, which are usually fewer than the object's. */
function checkNamed(named: ReadonlyMap<string, Check>): Check {
  const entries = [...named].map(([key, check]) => ({ key, check, common: key in Object.prototype }));
  return ofObjects((value, step, report, seen) => {
    let valid = true;
    for (let index = 0; index < entries.length; index++) {
      const { key, check, common } = entries[index] as (typeof entries)[number];
      const member = value[key];
      if (member === undefined || (common && !Object.hasOwn(value, key))) continue;
      seen?.keys.add(key);
      if (check(member, below(step, report, key), report, undefined)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  });
}

/** `dependentSchemas` for one member. */
export const checkBeside = (name: string, check: Check): Check =>
  ofObjects((value, step, report, seen) => !Object.hasOwn(value, name) || check(value, step, report, seen));

/** `unevaluatedProperties`: checks the members that the other keywords, in `checks`, have not evaluated. */
export function checkUnevaluatedMembers(checks: Check, others: Check | false): Check {
  return (value, step, report, seen) => {
    const own = new Seen();
    let valid = checks(value, step, report, own);
    if (!valid && report === undefined) return false;
    if (isObject(value) && !own.allKeys) {
      for (const key of Object.keys(value)) {
        if (own.keys.has(key)) continue;
        const holds =
          others === false
            ? !!report?.add({ parent: step, key }, "is not known")
            : others(value[key] as JsonValue, below(step, report, key), report, undefined);
        if (holds) continue;
        if (report === undefined) return false;
        valid = false;
      }
      own.allKeys = true;
    }
    seen?.add(own);
    return valid;
  };
}
