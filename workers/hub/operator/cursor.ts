import { OperatorError } from "./operator-error.ts";

/** What a cursor is for: it goes on where a page of the same list, filter and order ended. */
export interface CursorContext {
  list: "dispatches" | "events" | "flows";
  order: "newest" | "oldest" | "key";
  filter: object;
}

const VERSION = "1";

/** A cursor as text: opaque to callers, and refused where it does not belong. */
export function encodeCursor(context: CursorContext, id: string): string {
  return `${VERSION}${id.replaceAll("-", "")}${fingerprint(context)}`;
}

/** The id in a cursor. @throws OperatorError `invalid_arguments` */
export function decodeCursor(context: CursorContext, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const match = /^1([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})([0-9a-z]+)$/.exec(cursor);
  if (match === null) throw new OperatorError("invalid_arguments", "page.cursor: is no cursor that a page has given");
  const [, a, b, c, d, e, print] = match;
  if (print !== fingerprint(context)) {
    throw new OperatorError("invalid_arguments", "page.cursor: belongs to another list, filter or order");
  }
  return `${a}-${b}-${c}-${d}-${e}`;
}

/**
 * FNV-1a over the context: against mistakes, not against malice; a cursor gives no right that its caller does not have. Without moments, which
 * bound a list but do not order it: "since an hour ago" is another one with each page.
 */
export function fingerprint({ list, order, filter }: CursorContext): string {
  const entries = Object.entries(filter)
    .filter(([, value]) => !(value instanceof Date))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify([list, order, entries])) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
