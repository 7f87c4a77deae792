import { OperatorError } from "./operator-error.ts";

/** The list, filter and order that a cursor belongs to. A cursor continues where a page of them ended. */
export interface CursorContext {
  list: "dispatches" | "events" | "flows";
  order: "newest" | "oldest" | "key";
  filter: object;
}

const VERSION = "1";

/** A cursor as text: opaque to callers, and refused with another list, filter or order. */
export function encodeCursor(context: CursorContext, id: string): string {
  return `${VERSION}${id.replaceAll("-", "")}${fingerprint(context)}`;
}

/** The id in a cursor. @throws OperatorError `invalid_arguments` */
export function decodeCursor(context: CursorContext, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const match = /^1([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})([0-9a-z]+)$/.exec(cursor);
  if (match === null) throw new OperatorError("invalid_arguments", "page.cursor: is not a cursor from a page");
  const [, a, b, c, d, e, print] = match;
  if (print !== fingerprint(context)) {
    throw new OperatorError("invalid_arguments", "page.cursor: belongs to another list, filter or order");
  }
  return `${a}-${b}-${c}-${d}-${e}`;
}

/** The moment at which a list in the order of ids continues: that of the id in its cursor. */
export const momentOfCursor = (cursor: string): Date =>
  new Date(Number.parseInt(cursor.slice(VERSION.length, VERSION.length + 12), 16));

/**
 * FNV-1a over the context. It guards against mistakes, not malice: a cursor gives no right that its caller does not have. It leaves out moments,
 * which bound a list but do not order it: with a filter such as "for the last hour", they differ with each page.
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
