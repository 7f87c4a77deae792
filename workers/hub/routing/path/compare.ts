import type { JsonValue } from "../../../../schema/contract/index.ts";

/** Compares two values in a filter as RFC 9535, 2.3.5.2.2 says; `undefined` is the RFC's Nothing. */
export function compare(left: JsonValue | undefined, operator: string, right: JsonValue | undefined): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
      return less(left, right);
    case ">":
      return less(right, left);
    case "<=":
      return less(left, right) || equal(left, right);
    case ">=":
      return less(right, left) || equal(left, right);
    default:
      throw new TypeError(`unknown JSONPath operator: ${operator}`);
  }
}

function less(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  return typeof left === "string" && typeof right === "string" && lessText(left, right);
}

/** Compares by code points. `<` itself compares UTF-16 code units, and puts U+FF5E after U+1F600. */
function lessText(left: string, right: string): boolean {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return rank(one) < rank(other);
  }
  return left.length < right.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit;
}

/** Deep equality. It has a stack of its own, because a payload may be nested as deeply as its size allows. */
function equal(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  const pairs: (JsonValue | undefined)[] = [left, right];
  while (pairs.length > 0) {
    const other = pairs.pop();
    const one = pairs.pop();
    if (one === other) continue;
    if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) return false;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false;
      pairs.push((one as { [name: string]: JsonValue })[name], (other as { [name: string]: JsonValue })[name]);
    }
  }
  return true;
}
