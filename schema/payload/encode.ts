import { EmitError } from "../contract/emit-error.ts";
import type { EventPayload } from "../contract/index.ts";
import { isStorable } from "../text/unicode.ts";
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "../vocabulary/limits.ts";

const encoder = new TextEncoder();

/**
 * A payload in the form in which it is stored: its value as readers will see it, the JSON text, its size in UTF-8 with numbers written out (as
 * Postgres does), and the number of its values.
 */
export interface EncodedPayload {
  payload: EventPayload;
  json: string;
  bytes: number;
  /** The number of members and elements at all depths: Postgres takes about a microsecond for each. */
  values: number;
}

/** The findings of a check of a payload that may be stored. */
interface Found {
  /** JSON leaves out some part of it. */
  leavesOut: boolean;
  /** How many more characters Postgres writes than the JSON text has: it writes `1e300` with 301 digits. */
  moreDigits: number;
  values: number;
  /** Whether texts are checked. */
  texts: boolean;
}

/**
 * Encodes a payload. Refuses what JSON cannot hold or Postgres cannot store, and says where it is. A member that is `undefined` is left out, as in
 * JSON.
 *
 * @param place Where the payload is in the call, e.g. `events[3]`.
 * @throws EmitError `invalid_payload` or `too_large`
 */
export function encodePayload(payload: unknown, place: string): EncodedPayload {
  if (!isPlainObject(payload)) throw invalid(place, `payload must be a JSON object, got ${describe(payload)}`);
  const found = check(payload, place, false);
  const json = JSON.stringify(payload);
  // JSON says nothing of a text that is left out.
  if (found.leavesOut || ESCAPES_OF_REFUSED_TEXT.some((written) => json.includes(written))) check(payload, place, true);
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

/**
 * What `JSON.stringify` makes of U+0000 and of half a surrogate pair. If the JSON contains neither, no text of the payload needs to be looked into, which
 * would be most of the check. If it contains one, that may also be a backslash that the producer wrote.
 */
const ESCAPES_OF_REFUSED_TEXT = ["\\u0000", "\\ud"];

/** Checks a payload; its texts only if `texts` says so, or if there is another fault, because the first fault is told. */
function check(payload: Record<string, unknown>, place: string, texts: boolean): Found {
  const found: Found = { leavesOut: false, moreDigits: 0, values: 0, texts };
  try {
    checkObject(payload, place, 1, found);
  } catch (error) {
    if (texts) throw error;
    check(payload, place, true);
    throw error;
  }
  return found;
}

function checkValue(value: unknown, place: string, depth: number, found: Found): void {
  switch (typeof value) {
    case "boolean":
      break;
    case "string":
      if (found.texts) checkText(value, place);
      break;
    case "number":
      if (!Number.isFinite(value)) throw invalid(place, `JSON has no ${value}`);
      found.moreDigits += moreDigits(value);
      break;
    case "object":
      // A cycle is endlessly deep, so this limit ends it, too.
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
  // By index: forEach would skip a hole, and JSON writes null for it.
  for (let index = 0; index < array.length; index++) {
    const value = array[index];
    if (!isSound(value, found)) checkValue(value, `${place}[${index}]`, depth + 1, found);
  }
}

function checkObject(object: Record<string, unknown>, place: string, depth: number, found: Found): void {
  const keys = Object.keys(object);
  found.values += keys.length;
  for (const key of keys) {
    if (found.texts && !isStorable(key)) checkText(key, `${place}: the key ${JSON.stringify(key.slice(0, 40))}`);
    const value = object[key];
    if (value === undefined) found.leavesOut = true;
    else if (!isSound(value, found)) checkValue(value, placeOf(place, key), depth + 1, found);
  }
}

/** Whether a value needs no closer look. Most need none, and no text is made that says where they stand. */
function isSound(value: unknown, { texts }: Found): boolean {
  if (typeof value === "string") return !texts || isStorable(value);
  if (typeof value === "number") return isWrittenAsIs(Math.abs(value));
  return typeof value === "boolean";
}

/** Whether a number of this size is written without an exponent. False for `NaN` and infinity, which JSON cannot hold. */
const isWrittenAsIs = (size: number): boolean => size === 0 || (size < 1e21 && size >= 1e-6);

/** How many more characters a number has when it is written without an exponent. */
function moreDigits(value: number): number {
  const size = Math.abs(value);
  if (isWrittenAsIs(size)) return 0;
  const text = String(size);
  const [mantissa = "", exponent = ""] = text.split("e");
  const digits = mantissa.replace(".", "").length;
  const power = Number(exponent);
  return (power < 0 ? "0.".length - power - 1 + digits : power + 1) - text.length;
}

function checkText(text: string, place: string): void {
  if (!text.isWellFormed()) throw invalid(place, "contains half of a surrogate pair, which is not Unicode text");
  if (text.includes("\0")) throw invalid(place, "contains U+0000, which Postgres cannot store");
}

/** The place of a member of the value at `place`. */
export const placeOf = (place: string, key: string) =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key.slice(0, 40))}]`;

/** The place of a value in a cycle or a deep tree may be very long: keeps its beginning and its end. */
const shorten = (place: string) => (place.length <= 200 ? place : `${place.slice(0, 100)} ... ${place.slice(-80)}`);

const invalid = (place: string, fault: string) => new EmitError("invalid_payload", `${shorten(place)}: ${fault}`);

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The kind of a value, for an error: `a Date`, `an array`, `undefined`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  const name = typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}
