import { isLonger, isStorable } from "../text/unicode.ts";

/** The longest path in a filter, in characters. */
export const MAX_FILTER_PATH = 500;

const SEGMENT =
  /\.\*|\[\*\]|\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(\d{1,6})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y;

/**
 * Translates a JSONPath of names, indexes and wildcards to a Postgres path that finds the values equal to `$v`; `undefined` for any other path. The
 * mode is strict, since Postgres' lax mode looks into arrays where RFC 9535 does not. The filter around the path makes a missing member unknown, and
 * not an error.
 */
export function toPostgresPath(path: string): string | undefined {
  const steps = stepsOf(path);
  return steps === undefined ? undefined : `strict $ ? (exists(@${steps.join("")} ? (@ == $v)))`;
}

/** The same for names and indexes alone, which lead to one value at most, as an index requires; `undefined` for any other path. */
export function toPostgresPlace(path: string): string | undefined {
  const steps = stepsOf(path);
  if (steps === undefined || steps.length === 0 || steps.includes(ANY)) return undefined;
  return `strict $${steps.join("")}`;
}

/** All values one level deeper, in an array or an object. Otherwise both `[*]` and `.*` would have to be tried. */
const ANY = ".**{1}";

function stepsOf(path: string): string[] | undefined {
  if (isLonger(path, MAX_FILTER_PATH) || !isStorable(path) || !path.startsWith("$")) return undefined;
  const steps: string[] = [];
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    const [, dotted, index, single, double] = match;
    const name = dotted ?? (single ?? double)?.replaceAll(/\\(.)/g, "$1");
    if (name !== undefined) steps.push(`.${JSON.stringify(name)}`);
    else steps.push(index === undefined ? ANY : `[${Number(index)}]`);
  }
  return steps;
}
