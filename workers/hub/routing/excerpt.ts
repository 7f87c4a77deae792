import { cut } from "../../../schema/config/faults.ts";
import type { JsonValue } from "../../../schema/contract/index.ts";

const MAX_DEPTH = 8;

/** A value as JSON, cut to `length` characters. Its time and depth of recursion depend on what it shows, not on the size of the value. */
export function excerpt(value: JsonValue, length: number): string {
  return cut(write(value, length, 0), length);
}

function write(value: JsonValue, length: number, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, length));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const array = Array.isArray(value);
  if (depth === MAX_DEPTH) return array ? "[…]" : "{…}";
  let text = "";
  for (const key in value) {
    // for...in reads one name at a time, so that the names of a large object are not all listed.
    if (!Object.hasOwn(value, key)) continue;
    if (text.length > length) break;
    const member = (value as { readonly [key: string]: JsonValue })[key] ?? null;
    const written = write(member, length - text.length, depth + 1);
    text += `${text === "" ? "" : ","}${array ? "" : `${JSON.stringify(key.slice(0, length))}:`}${written}`;
  }
  return array ? `[${text}]` : `{${text}}`;
}
