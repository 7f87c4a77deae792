import { isLonger, isStorable } from "../text/unicode.ts";

/** Longest path in a filter, in characters. */
export const MAX_FILTER_PATH = 500;

const SEGMENT =
  /\.\*|\[\*\]|\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(\d{1,6})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y;

/**
 * A JSONPath of names, indexes and wildcards as Postgres' own, which finds the values that are `$v`. `undefined` if it is not such a path.
 * Strict, since Postgres' lax mode looks into arrays where RFC 9535 does not. The filter around it makes what is not there unknown instead
 * of an error.
 */
export function toPostgresPath(path: string): string | undefined {
  if (isLonger(path, MAX_FILTER_PATH) || !isStorable(path) || !path.startsWith("$")) return undefined;
  let steps = "@";
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    const [, dotted, index, single, double] = match;
    const name = dotted ?? (single ?? double)?.replaceAll(/\\(.)/g, "$1");
    if (name !== undefined) steps += `.${JSON.stringify(name)}`;
    // All values one level deeper, whether of an array or of an object, for which `[*]` and `.*` would have to be tried both.
    else steps += index === undefined ? ".**{1}" : `[${Number(index)}]`;
  }
  return `strict $ ? (exists(${steps} ? (@ == $v)))`;
}
