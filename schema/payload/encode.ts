import { EmitError } from "../contract/emit-error.ts";
import type { EventPayload } from "../contract/index.ts";
import { isStorable } from "../text/unicode.ts";
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "../vocabulary/limits.ts";

const encoder = new TextEncoder();

/** A payload as it is stored: what a reader will see, the JSON text, its size as UTF-8 with numbers written out, as Postgres has them, and how many values it holds. */
export interface EncodedPayload {
  payload: EventPayload;
  json: string;
  bytes: number;
  /** Every member of an object and every element of an array, however deep: for each, Postgres takes about a microsecond. */
  values: number;
}

/** What a check has found in a payload that may be stored. */
interface Found {
  /** JSON leaves out a part of it. */
  leavesOut: boolean;
  /** Characters that Postgres writes beyond those of the JSON text: it writes `1e300` with 301 digits. */
  moreDigits: number;
  values: number;
}

/**
 * Encodes a payload, or refuses what JSON cannot hold or Postgres cannot store, with its place. A member that is `undefined` is left out, as
 * JSON does.
 * @param place where the payload stands in the call, e.g. `events[3]`
 * @throws EmitError `invalid_payload` or `too_large`
 */
export function encodePayload(payload: unknown, place: string): EncodedPayload {
  if (!isPlainObject(payload)) throw invalid(place, `payload must be a JSON object, got ${describe(payload)}`);
  const found: Found = { leavesOut: false, moreDigits: 0, values: 0 };
  checkObject(payload, place, 1, found);
  const json = JSON.stringify(payload);
  const text = json.length > MAX_PAYLOAD_BYTES ? json.length : encoder.encode(json).byteLength;
  const bytes = text + found.moreDigits;
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new EmitError(
      "too_large",
      `${place}: payload must be at most ${MAX_PAYLOAD_BYTES} bytes of JSON, got ${bytes} or more`,
    );
  }
  return { payload: (found.leavesOut ? JSON.parse(json) : payload) as EventPayload, json, bytes, values: found.values };
}

function checkValue(value: unknown, place: string, depth: number, found: Found): void {
  switch (typeof value) {
    case "boolean":
      break;
    case "string":
      checkText(value, place);
      break;
    case "number":
      if (!Number.isFinite(value)) throw invalid(place, `JSON has no ${value}`);
      found.moreDigits += moreDigits(value);
      break;
    case "object":
      // A cycle is endlessly deep, so the limit ends it too.
      if (depth > MAX_PAYLOAD_DEPTH) throw invalid(place, `nested deeper than ${MAX_PAYLOAD_DEPTH} levels, or a cycle`);
      if (Array.isArray(value)) checkArray(value, place, depth, found);
      else if (isPlainObject(value)) checkObject(value, place, depth, found);
      else if (value !== null) throw invalid(place, `JSON cannot hold ${describe(value)}`);
      break;
    default:
      throw invalid(place, `JSON cannot hold ${describe(value)}`);
  }
}

function checkArray(array: readonly unknown[], place: string, depth: number, found: Found): void {
  found.values += array.length;
  // By index, since a hole would be skipped by forEach and written as null.
  for (let index = 0; index < array.length; index++) {
    const value = array[index];
    if (typeof value !== "string" || !isStorable(value)) checkValue(value, `${place}[${index}]`, depth + 1, found);
  }
}

function checkObject(object: Record<string, unknown>, place: string, depth: number, found: Found): void {
  const keys = Object.keys(object);
  found.values += keys.length;
  for (const key of keys) {
    if (!isStorable(key)) checkText(key, `${place}: the key ${JSON.stringify(key.slice(0, 40))}`);
    const value = object[key];
    if (value === undefined) found.leavesOut = true;
    else if (typeof value !== "string" || !isStorable(value)) checkValue(value, placeOf(place, key), depth + 1, found);
  }
}

/** How many more characters a number has when it is written without an exponent. */
function moreDigits(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || (size < 1e21 && size >= 1e-6)) return 0;
  const text = String(size);
  const [mantissa = "", exponent = ""] = text.split("e");
  const digits = mantissa.replace(".", "").length;
  const power = Number(exponent);
  return (power < 0 ? "0.".length - power - 1 + digits : power + 1) - text.length;
}

function checkText(text: string, place: string): void {
  if (!text.isWellFormed()) throw invalid(place, "holds half of a surrogate pair, which is no Unicode text");
  if (text.includes("\0")) throw invalid(place, "holds U+0000, which Postgres cannot store");
}

/** The place of a member of what is at `place`. */
export const placeOf = (place: string, key: string) =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key.slice(0, 40))}]`;

/** A place in a cycle or a deep tree is as long as the tree is deep: its beginning and its end tell enough. */
const shorten = (place: string) => (place.length <= 200 ? place : `${place.slice(0, 100)} ... ${place.slice(-80)}`);

const invalid = (place: string, fault: string) => new EmitError("invalid_payload", `${shorten(place)}: ${fault}`);

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value's kind, for an error: `a Date`, `an array`, `undefined`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  const name = typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}
