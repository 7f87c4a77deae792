import { at, type Place, show } from "../../../../schema/config/faults.ts";
import type { NumberBounds, Operators } from "../../../../schema/config/operands.ts";
import { codePoints } from "../../../../schema/text/unicode.ts";
import { parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";
import { PRESENT, type Span } from "../lookup/keys.ts";
import { OperandRefusal, type Test } from "./compiled.ts";

/** Whether a span contains a number. */
export function inSpan(number: number, { low, lowOpen, high, highOpen }: Span): boolean {
  return (lowOpen ? number > low : number >= low) && (highOpen ? number < high : number <= high);
}

/** Tests whether a span contains a number. */
export function spanTest(span: Span): Test {
  return {
    holds: (value) => typeof value === "number" && inSpan(value, span),
    keys: { keys: [{ kind: "span", span }], proof: true },
    cost: 1,
  };
}

/** `between`. @throws OperandRefusal for an end that is not a time, or an empty range of times. */
export function compileRange(range: Operators["between"], place: Place): Test {
  const { gt, gte, lt, lte } = range as { readonly [end: string]: number | string | undefined };
  const low = readEnd(gt ?? gte, at(place, gt === undefined ? "gte" : "gt"));
  const high = readEnd(lt ?? lte, at(place, lt === undefined ? "lte" : "lt"));
  if (low > high) throw new OperandRefusal(place, `is empty: ${gt ?? gte} is after ${lt ?? lte}`);
  const span: Span = { low, lowOpen: gt !== undefined, high, highOpen: lt !== undefined };
  if (typeof (gt ?? gte) === "number") return spanTest(span);
  const holds: Test["holds"] = (value) => {
    const time = typeof value === "string" ? parseIsoTime(value) : undefined;
    return time !== undefined && inSpan(time, span);
  };
  return { holds, keys: PRESENT, cost: 10 };
}

function readEnd(end: number | string | undefined, place: Place): number {
  if (typeof end === "number") return end;
  const time = end === undefined ? undefined : parseIsoTime(end);
  if (time !== undefined) return time;
  throw new OperandRefusal(
    place,
    `must be a number or an ISO 8601 time such as 2026-11-20T08:00:00Z, got ${show(end)}`,
  );
}

/** `length` of an array, in elements, or of a string, in Unicode code points. */
export function compileLength(operand: Operators["length"]): Test {
  const { exact, lt, lte, gt, gte }: NumberBounds = typeof operand === "number" ? { exact: operand } : operand;
  const within = (length: number) =>
    (exact === undefined || length === exact) &&
    (lt === undefined || length < lt) &&
    (lte === undefined || length <= lte) &&
    (gt === undefined || length > gt) &&
    (gte === undefined || length >= gte);
  return {
    holds: (value) =>
      typeof value === "string" ? within(codePoints(value)) : Array.isArray(value) && within(value.length),
    keys: PRESENT,
    cost: 2,
  };
}
