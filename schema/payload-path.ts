/** Longest path in a filter, in characters. */
const MAX_FILTER_PATH = 500;

type Segment = { name: string } | { index: number } | "*";

const SEGMENT =
  /\.\*|\[\*\]|\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(\d{1,6})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y;

/**
 * A JSONPath of names, indexes and wildcards as Postgres' own, which asks whether a value that it finds is `$v`. `undefined` if it is not
 * such a path. Strict, since Postgres' lax mode looks into arrays where RFC 9535 does not.
 */
export function toPostgresPath(path: string): string | undefined {
  if (path.length > MAX_FILTER_PATH || !path.startsWith("$")) return undefined;
  const segments: Segment[] = [];
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    const [text, dotted, index, single, double] = match;
    const quoted = single ?? double;
    if (dotted !== undefined) segments.push({ name: dotted });
    else if (index !== undefined) segments.push({ index: Number(index) });
    else if (quoted !== undefined) segments.push({ name: quoted.replaceAll(/\\(.)/g, "$1") });
    else segments.push(text === ".*" || text === "[*]" ? "*" : { name: text });
  }
  return `strict $ ? (${predicate(segments)})`;
}

/** Within a filter what is not there makes the answer unknown instead of an error, and unknown or true is true. */
function predicate(segments: readonly Segment[]): string {
  let place = "@";
  for (const [index, segment] of segments.entries()) {
    if (segment === "*") {
      const rest = predicate(segments.slice(index + 1));
      return `exists(${place}[*] ? (${rest})) || exists(${place}.* ? (${rest}))`;
    }
    place += "name" in segment ? `.${JSON.stringify(segment.name)}` : `[${segment.index}]`;
  }
  return `${place} == $v`;
}
