import type { DispatchFilter, EventFilter, PageOptions, PayloadEquality } from "../../../schema/contract/operator.ts";
import { ALL_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import { DISPATCH_STATUSES, type DispatchStatus } from "../../../schema/vocabulary/statuses.ts";
import { idsIn } from "./ids-in.ts";
import { PERIODS } from "./periods.ts";

type Parts = typeof FILTERS;

/** The names of the parts of a filter that have a single field in the form. */
export type FieldPart = { [Name in FilterName]: Parts[Name] extends { field: string } ? Name : never }[FilterName];

/** Whether this part has a single field in the form. */
export const isField = (name: FilterName): name is FieldPart => "field" in FILTERS[name];

/** The parts of a filter that have a single field in the form, in the form's order. */
export const FIELD_PARTS: readonly FieldPart[] = ALL_FILTERS.filter(isField);

/** Fields that do not make a part of a filter on their own. */
const OTHER_TEXTS = [
  "period",
  "of",
  "from",
  "to",
  "path",
  "equals",
  "overdue",
  "only",
  "order",
  "cursor",
  "columns",
] as const;

const TEXTS = [...FIELD_PARTS.map((name) => FILTERS[name].field), ...OTHER_TEXTS];

/**
 * A search as it is in the URL and in the form: texts that are not checked. `period` is `1h`, `24h`, `7d`, `30d`, or empty. `of` says whether the
 * time is that of creation or of the result. `from` and `to` are UTC, in the format of `datetime-local`. `retried` is `yes`, `no`, or empty. `only`
 * is what a live tail shows: `event`, `attempt`, `result`, or empty for all. `columns` are the names of the shown columns, separated by dots.
 */
export interface Search extends Record<(typeof TEXTS)[number], string> {
  status: string[];
  /** Ids, with any separators. */
  ids: string;
}

/** Reads a search from a URL's query. */
export function readSearch(query: URLSearchParams): Search {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, query.get(name)?.trim() ?? ""]));
  texts.columns = query.getAll("columns").join(".").trim();
  const ids = query.getAll("ids").join(" ").trim();
  return { ...(texts as Omit<Search, "status" | "ids">), status: query.getAll("status").filter(Boolean), ids };
}

/** The query of a search with some changes, without empty parts. A changed search begins at its first page. */
export function searchQuery(search: Partial<Search>, changes: Partial<Search> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...search, cursor: "", ...changes })) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** The dispatch filter of a search. Passes texts on that it does not understand, so that the hub refuses them. */
export function dispatchFilter(search: Search, now: Date): DispatchFilter {
  const { status, overdue } = search;
  const [since, until] = momentsOf(search, now);
  const finished = search.of === "finished";
  return {
    ...common(search),
    ...ofFields(search, DISPATCH_FIELD_PARTS),
    ...(status.length === 0 ? {} : { status: status as DispatchStatus[] }),
    ...(overdue === "" ? {} : { overdue: true, status: ["ongoing"] as DispatchStatus[] }),
    ...(since === undefined ? {} : { [finished ? "resultedSince" : "since"]: since }),
    ...(until === undefined ? {} : { [finished ? "resultedUntil" : "until"]: until }),
  };
}

/** The event filter of a search. */
export function eventFilter(search: Search, now: Date): EventFilter {
  const [since, until] = momentsOf(search, now);
  return {
    ...common(search),
    ...ofFields(search, EVENT_FIELD_PARTS),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

const DISPATCH_FIELD_PARTS = FIELD_PARTS.filter((name) => "dispatches" in FILTERS[name]);
const EVENT_FIELD_PARTS = FIELD_PARTS.filter((name) => "events" in FILTERS[name]);

/** The shared key in a field, because an empty field means no filter. */
const NO_KEY = '""';

/** A key in the form that fields have. */
export const keyField = (key: string): string => (key === "" ? NO_KEY : key);

/** The parts of the filter with a single field each. An empty field means no filter. */
function ofFields(search: Search, names: readonly FieldPart[]): object {
  const entries = names.flatMap((name) => {
    const { field, takes } = FILTERS[name];
    const text = search[field];
    if (text === "") return [];
    if (text === NO_KEY && "min" in FILTERS[name]) return [[name, ""]];
    return [[name, takes === "boolean" ? text === "yes" : text]];
  });
  return Object.fromEntries(entries);
}

/** The same search for a text, if the value is read as a number or the like; `undefined` if it is a text already. */
export function searchForText(search: Search): Search | undefined {
  return search.path === "" || typeof literalOf(search.equals) === "string"
    ? undefined
    : { ...search, equals: JSON.stringify(search.equals), cursor: "" };
}

/** The page of a search. */
export function pageOptions({ order, cursor }: Search, limit: number): PageOptions {
  return { limit, ...(order === "oldest" ? { order: "oldest" } : {}), ...(cursor === "" ? {} : { cursor }) };
}

/**
 * The rows that the first answer to a search examines, if no index helps. That takes some hundred milliseconds, so that the page appears at once and
 * shows the progress. Later answers search for as long as the hub allows.
 */
const FIRST_LOOK_ROWS = 40_000;

/** The page of a search for which somebody waits. */
export const shownPage = (search: Search, limit: number): PageOptions => ({
  ...pageOptions(search, limit),
  ...(search.cursor === "" ? { look: FIRST_LOOK_ROWS } : {}),
});

/** Whether a search has no filter. */
export const isEmpty = (search: Search): boolean => searchQuery({ ...search, of: "", order: "", columns: "" }) === "";

function common({ ids, path, equals }: Search): Pick<DispatchFilter, "ids" | "payload"> {
  // Text without an id does not mean "no filter": it is passed on, and refused.
  const found = idsIn(ids);
  return {
    ...(ids === "" ? {} : { ids: found.length === 0 ? [ids] : found }),
    ...(path === "" ? {} : { payload: { path, equals: literalOf(equals) } }),
  };
}

/** The value as JSON if a filter can compare with it, otherwise as text. */
function literalOf(text: string): PayloadEquality["equals"] {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string")
      return value;
  } catch {
    // So it is a text.
  }
  return text;
}

function momentsOf(
  { period, from, to }: Search,
  now: Date,
): [since: Date | string | undefined, until: string | undefined] {
  const seconds = PERIODS[period];
  const since = seconds === undefined ? undefined : new Date(now.getTime() - seconds * 1_000);
  return [from === "" ? since : utc(from), to === "" ? undefined : utc(to)];
}

/** A form's field for a time has no zone. It is UTC, like every time that the console shows. */
const utc = (text: string) =>
  parseIsoTime(text) === undefined && parseIsoTime(`${text}Z`) !== undefined ? `${text}Z` : text;

/** Whether a text names a status. */
export const isStatus = (text: string): text is DispatchStatus => DISPATCH_STATUSES.some((status) => status === text);
