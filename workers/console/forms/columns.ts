import { getCookie, setCookie } from "hono/cookie";
import type { ConsoleContext } from "../env.ts";

/** The columns of each list that can be chosen, with their names, in order. The row's own name and link are always shown. */
export const COLUMNS = {
  events: {
    kind: "Kind",
    values: "Indexed values",
    payload: "Beginning of the payload",
    emitted: "Emitted",
    dispatches: "Dispatches",
    key: "Idempotency key",
    size: "Size",
  },
  dispatches: {
    destination: "Destination",
    route: "Route",
    kind: "Kind of event",
    values: "Indexed values",
    payload: "Beginning of the payload",
    attempts: "Attempts",
    event: "Event",
    created: "Created",
    reason: "Reason",
  },
} as const;

/** A list with columns to choose. */
export type ListName = keyof typeof COLUMNS;

/** The name of a column of a list. */
type ColumnOf<List extends ListName> = keyof (typeof COLUMNS)[List];

const DEFAULTS: { readonly [List in ListName]: readonly ColumnOf<List>[] } = {
  events: ["kind", "values", "payload", "emitted", "dispatches", "key"],
  dispatches: ["destination", "route", "kind", "values", "attempts", "event", "created", "reason"],
};

const YEAR_SECONDS = 31_536_000;

/** The columns to show: those of the URL, which are stored for the next time, otherwise the stored ones, otherwise the default ones. */
export function columnsOf<List extends ListName>(
  c: ConsoleContext,
  list: List,
  chosen: string,
): ReadonlySet<ColumnOf<List>> {
  const name = `columns-${list}`;
  const known = (text: string) =>
    text.split(/[ ,.]/).filter((one): one is ColumnOf<List> & string => Object.hasOwn(COLUMNS[list], one));
  const now = known(chosen);
  if (now.length > 0)
    setCookie(c, name, now.join("."), { path: "/", maxAge: YEAR_SECONDS, sameSite: "Lax", httpOnly: true });
  const kept = now.length > 0 ? now : known(getCookie(c, name) ?? "");
  return new Set(kept.length > 0 ? kept : DEFAULTS[list]);
}

/** Whether these columns require payloads to be read. */
export const wantsAbout = (columns: ReadonlySet<string>): boolean =>
  columns.has("kind") || columns.has("values") || columns.has("payload");
