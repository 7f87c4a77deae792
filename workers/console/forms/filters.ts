import type { DispatchFilter, EventFilter, PageOptions, PayloadEquality } from "../../../schema/contract/operator.ts";
import { DISPATCH_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import { DISPATCH_STATUSES, type DispatchStatus } from "../../../schema/vocabulary/statuses.ts";

type Parts = typeof FILTERS;

/** The names of the parts of a filter that one field of the form holds. */
export type FieldPart = { [Name in FilterName]: Parts[Name] extends { field: string } ? Name : never }[FilterName];

/** Whether one field of the form holds this part. */
export const isField = (name: FilterName): name is FieldPart => "field" in FILTERS[name];

/** The parts of a filter that one field of the form holds, in its order. */
export const FIELD_PARTS: readonly FieldPart[] = DISPATCH_FILTERS.filter(isField);

/** Fields of which no part of a filter is made alone. */
const OTHER_TEXTS = ["period", "of", "from", "to", "path", "equals", "overdue", "order", "cursor"] as const;

const TEXTS = [...FIELD_PARTS.map((name) => FILTERS[name].field), ...OTHER_TEXTS];

/**
 * What a search holds, as it stands in the URL and in the form: text, and nothing checked. `period` is `1h`, `24h`, `7d`, `30d`, or nothing;
 * `of` says what it is about, when it was created or when it ended; `from` and `to` are UTC, as `datetime-local` gives it; `retried` is
 * `yes`, `no`, or nothing.
 */
export interface Search extends Record<(typeof TEXTS)[number], string> {
  status: string[];
  /** Ids, whatever stands between them. */
  ids: string;
}

/** Periods to choose from, in seconds. */
export const PERIODS: Readonly<Record<string, number>> = {
  "1h": 3_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
};

/** How a period is said in a sentence: `in the last hour`. */
export const PERIOD_WORDS: Readonly<Record<string, string>> = {
  "1h": "hour",
  "24h": "24 hours",
  "7d": "7 days",
  "30d": "30 days",
};

/** The period that a URL asks for, or a day. */
export const periodOf = (text: string | undefined): string =>
  text !== undefined && Object.hasOwn(PERIODS, text) ? text : "24h";

/** Reads a search from a URL's query. */
export function readSearch(query: URLSearchParams): Search {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, query.get(name)?.trim() ?? ""]));
  const ids = query.getAll("ids").join(" ").trim();
  return { ...(texts as Omit<Search, "status" | "ids">), status: query.getAll("status").filter(Boolean), ids };
}

/** The query of a search with some changes, without what is empty; another search begins at its first page. */
export function searchQuery(search: Partial<Search>, changes: Partial<Search> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...search, cursor: "", ...changes })) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** All ids in a text: pasted from a log, an instance id, a table. */
export const idsIn = (text: string): string[] => [...new Set(text.toLowerCase().match(UUID) ?? [])];

/** The filter over dispatches that a search asks for. What it does not understand it hands on as it is, for the hub to refuse. */
export function dispatchFilter(search: Search, now: Date): DispatchFilter {
  const { status, overdue } = search;
  const [since, until] = momentsOf(search, now);
  const finished = search.of === "finished";
  return {
    ...common(search),
    ...ofFields(search, FIELD_PARTS),
    ...(status.length === 0 ? {} : { status: status as DispatchStatus[] }),
    ...(overdue === "" ? {} : { overdue: true, status: ["ongoing"] as DispatchStatus[] }),
    ...(since === undefined ? {} : { [finished ? "resultedSince" : "since"]: since }),
    ...(until === undefined ? {} : { [finished ? "resultedUntil" : "until"]: until }),
  };
}

/** The filter over events that a search asks for. */
export function eventFilter(search: Search, now: Date): EventFilter {
  const [since, until] = momentsOf(search, now);
  return {
    ...common(search),
    ...ofFields(search, EVENT_FIELD_PARTS),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

const EVENT_FIELD_PARTS = FIELD_PARTS.filter((name) => "events" in FILTERS[name]);

/** How the key of all that have none is written in a field: an empty one asks for nothing. */
const NO_KEY = '""';

/** A key as a field holds it. */
export const keyField = (key: string): string => (key === "" ? NO_KEY : key);

/** What one field each holds; an empty one asks for nothing. */
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

/** The page that a search asks for. */
export function pageOptions({ order, cursor }: Search, limit: number): PageOptions {
  return { limit, ...(order === "oldest" ? { order: "oldest" } : {}), ...(cursor === "" ? {} : { cursor }) };
}

/** Whether a search leaves anything out. */
export const isEmpty = (search: Search): boolean => searchQuery({ ...search, of: "", order: "" }) === "";

function common({ ids, path, equals }: Search): Pick<DispatchFilter, "ids" | "payload"> {
  // Text without an id in it is not "no filter": it goes on to be refused.
  const found = idsIn(ids);
  return {
    ...(ids === "" ? {} : { ids: found.length === 0 ? [ids] : found }),
    ...(path === "" ? {} : { payload: { path, equals: literalOf(equals) } }),
  };
}

/** A JSON value where it is one that a filter can compare with, else text. */
function literalOf(text: string): PayloadEquality["equals"] {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string")
      return value;
  } catch {
    // Text it is.
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

/** A form's field for a time writes it without a zone: it is UTC, as every time that the console shows. */
const utc = (text: string) =>
  parseIsoTime(text) === undefined && parseIsoTime(`${text}Z`) !== undefined ? `${text}Z` : text;

/** Whether a text names a status. */
export const isStatus = (text: string): text is DispatchStatus => DISPATCH_STATUSES.some((status) => status === text);
