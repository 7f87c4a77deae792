import { MAX_ERROR_LENGTH } from "../vocabulary/limits.ts";

/** The most values of an object that are looked at: a thrown object may have any size, and only the beginning of its text is kept. */
const MAX_VALUES = 500;
const MAX_TEXT_LENGTH = 1_000;
const MAX_NAMES = 20;

/** The text of an error for a log line or a reason: its message, cut to {@link MAX_ERROR_LENGTH}. Never throws, whatever was thrown. */
export const errorText = (error: unknown): string => readable(error).slice(0, MAX_ERROR_LENGTH);

/** Makes a text of whatever was thrown, or given as a reason: an error's name and message, an object as JSON. Never throws. */
export function readable(value: unknown): string {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return isPlain(value) ? textOf(value) : String(value);
  } catch {
    return `something was thrown that cannot be read (${typeof value})`;
  }
}

/** Whether this is an object or array of data. On anything else, such as a stub, reading a property may be a call. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function textOf(value: object): string {
  const { name, message } = value as { name?: unknown; message?: unknown };
  // An error that was sent as data has only these two left.
  if (typeof name === "string" && typeof message === "string") return `${name}: ${message}`;
  let values = 0;
  try {
    return JSON.stringify(value, function (this: unknown, key: string, part: unknown) {
      if (++values > MAX_VALUES) throw new RangeError("too large");
      // The platform's own mark on an error that was thrown at the other end of a call.
      if (this === value && key === "remote" && part === true) return undefined;
      if (typeof part === "bigint") return String(part);
      return typeof part === "string" ? part.slice(0, MAX_TEXT_LENGTH) : part;
    });
  } catch {
    // Too large, or a cycle: the names of its members at least say what it was.
    return Array.isArray(value) ? `an array of ${value.length} values` : `an object with ${firstNames(value)}`;
  }
}

function firstNames(value: object): string {
  const names: string[] = [];
  for (const name in value) {
    if (names.push(name) === MAX_NAMES) break;
  }
  return names.join(", ");
}
