import { cut } from "../../../schema/config/faults.ts";
import type { JsonValue } from "../../../schema/contract/index.ts";

const MAX_DEPTH = 8;

/** A value as JSON, cut to `length` characters; takes no more time and no deeper recursion than what it shows. */
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
    // for...in reads one name at a time; a large object is not listed in full to show its beginning.
    if (!Object.hasOwn(value, key)) continue;
    if (text.length > length) break;
    const member = (value as { readonly [key: string]: JsonValue })[key] ?? null;
    const written = write(member, length - text.length, depth + 1);
    text += `${text === "" ? "" : ","}${array ? "" : `${JSON.stringify(key.slice(0, length))}:`}${written}`;
  }
  return array ? `[${text}]` : `{${text}}`;
}
