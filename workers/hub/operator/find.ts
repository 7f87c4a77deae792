import type { Findings, FoundThing, SearchedPlace } from "../../../schema/contract/find.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { listDispatches, scanLimit } from "../../../schema/queries/dispatches/list-dispatches.ts";
import { type EventOfValue, findByValues } from "../../../schema/queries/events/find-by-values.ts";
import { listEvents } from "../../../schema/queries/events/list-events.ts";
import type { DispatchRow } from "../../../schema/queries/fragments/row-types.ts";
import { isLonger } from "../../../schema/text/unicode.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import {
  MAX_FLOW_KEY_LENGTH,
  MAX_IDEMPOTENCY_KEY_LENGTH,
  MAX_REASON_LENGTH,
} from "../../../schema/vocabulary/limits.ts";
import { MAX_FILTER_VALUE } from "../../../schema/vocabulary/operator-limits.ts";
import { DISPATCH_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { check, text } from "./argument-schemas.ts";
import { foundRows } from "./bounded-search.ts";
import type { OperatorContext } from "./context.ts";
import { indexedPaths } from "./payload-indexes.ts";

/** The most things shown for each place. */
const SHOWN = 10;

/** The most words of the text that are also searched for by themselves. */
const MAX_WORDS = 8;

/**
 * Searches for a text in every place that an operator may mean: as a key, as a value that an index finds, and within reasons. @throws OperatorError
 */
export async function find({ database }: OperatorContext, input: unknown): Promise<Findings> {
  const wanted = check(text(MAX_FILTER_VALUE), input, "text").trim();
  const paths = await indexedPaths(database);
  const values = valuesOf(wanted);
  const [byKey, atPaths, flowKeys, reasons] = await Promise.all([
    findIdempotencyKey(database, wanted),
    findValues(database, paths, values),
    findDispatches(database, "keys", wanted),
    findDispatches(database, "reasons", wanted),
  ]);
  return { text: wanted, places: [byKey, ...atPaths, flowKeys, reasons] };
}

/** The text as a whole and each of its words, as strings and, if they look like numbers, as numbers. */
export function valuesOf(wanted: string): (string | number)[] {
  const words = wanted.split(/[\s,;#]+/).filter((word) => word !== "");
  const texts = [...new Set([wanted, ...words.slice(0, MAX_WORDS)])];
  return texts.flatMap((one) => (NUMBER.test(one) && Number.isFinite(Number(one)) ? [one, Number(one)] : [one]));
}

/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

async function findIdempotencyKey(database: Database, key: string): Promise<SearchedPlace> {
  const place = { in: "idempotency_keys", path: null } as const;
  if (isLonger(key, MAX_IDEMPOTENCY_KEY_LENGTH)) return toPlace(place, []);
  const options = { order: "newest", limit: SHOWN + 1, after: undefined } as const;
  const rows = foundRows(await database.run(listEvents({ idempotencyKey: key }, options)));
  return toPlace(
    place,
    rows.map((row) => ({ kind: "event", id: row.id, at: row.created_at, value: key })),
  );
}

async function findValues(
  database: Database,
  paths: readonly string[],
  values: readonly unknown[],
): Promise<SearchedPlace[]> {
  if (paths.length === 0) return [];
  const answers = await database.transaction<EventOfValue[]>(
    paths.map((path) => findByValues(path, values, SHOWN + 1)),
  );
  return paths.map((path, index) =>
    toPlace(
      { in: "payloads", path },
      (answers[index] ?? []).map(({ id, created_at: at, value }) => ({ kind: "event", id, at, value })),
    ),
  );
}

/** The search in reasons leaves out complete dispatches: they are the majority, and have no reason. */
const WITH_REASON = DISPATCH_STATUSES.filter((status) => status !== "complete");

/** How each place in dispatches is searched: the length of its longest text, the filter, and the value shown for a found dispatch. */
const IN_DISPATCHES = {
  keys: {
    longest: MAX_FLOW_KEY_LENGTH,
    filter: (key: string): CheckedDispatchFilter => ({ key }),
    told: (_: DispatchRow, key: string) => key,
  },
  reasons: {
    longest: MAX_REASON_LENGTH,
    filter: (reason: string): CheckedDispatchFilter => ({ reason, status: WITH_REASON }),
    told: ({ reason }: DispatchRow) => reason ?? "",
  },
};

async function findDispatches(
  database: Database,
  place: keyof typeof IN_DISPATCHES,
  wanted: string,
): Promise<SearchedPlace> {
  const { longest, filter: filterOf, told } = IN_DISPATCHES[place];
  if (isLonger(wanted, longest)) return toPlace({ in: place, path: null }, []);
  const filter = filterOf(wanted);
  const rows = await database.run(listDispatches(filter, { order: "newest", limit: SHOWN + 1, after: undefined }));
  const found = foundRows(rows).map(
    (row): FoundThing => ({ kind: "dispatch", id: row.id, at: row.created_at, value: told(row, wanted) }),
  );
  const whole = (rows[0]?.scanned ?? 0) < scanLimit(filter, SHOWN + 1);
  return { ...toPlace({ in: place, path: null }, found), whole };
}

const toPlace = (place: Pick<SearchedPlace, "in" | "path">, found: FoundThing[]): SearchedPlace => ({
  ...place,
  found: found.slice(0, SHOWN),
  more: found.length > SHOWN,
  whole: true,
});
