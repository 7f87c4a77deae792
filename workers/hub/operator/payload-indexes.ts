import type { PayloadEquality } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { toPostgresPlace } from "../../../schema/payload/postgres-path.ts";
import { countByValue } from "../../../schema/queries/events/count-by-value.ts";
import { readPayloadIndexes } from "../../../schema/queries/setup/read-payload-indexes.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";

/** How long the list of the database's indexes is kept, in milliseconds. Indexes come and go with `eventhub migrate`. */
const KNOWN_MS = 30_000;

/**
 * The most events with one value whose dispatches are found by the events' ids. If more events have the value, all dispatches are searched: where
 * there are so many, that finds some soon.
 */
export const MAX_EVENTS_OF_A_VALUE = 10_000;

const known = new WeakMap<Database, { until: number; paths: Promise<string[]> }>();

/** The paths into payloads that have an index, according to the database, whatever this Worker's configuration says. */
export function indexedPaths(database: Database): Promise<string[]> {
  const before = known.get(database);
  if (before !== undefined && Date.now() < before.until) return before.paths;
  const paths = database.run(readPayloadIndexes()).then((rows) => rows.map(({ path }) => path));
  known.set(database, { until: Date.now() + KNOWN_MS, paths });
  paths.catch(() => known.delete(database));
  return paths;
}

/** The same filter, marked as indexed if an index finds its value in payloads. Use it at once: it is not kept. */
export async function byIndex<Filter extends Pick<CheckedDispatchFilter, "payload">>(
  database: Database,
  list: "dispatches" | "events",
  filter: Filter,
): Promise<Filter> {
  const { payload } = filter;
  if (payload === undefined || !(await isIndexed(database, list, payload))) return filter;
  return { ...filter, payload: { ...payload, indexed: true } };
}

async function isIndexed(
  database: Database,
  list: "dispatches" | "events",
  { path, equals }: PayloadEquality,
): Promise<boolean> {
  const place = toPostgresPlace(path);
  if (place === undefined) return false;
  const paths = await indexedPaths(database);
  if (!paths.some((one) => toPostgresPlace(one) === place)) return false;
  if (list === "events") return true;
  const [row] = await database.run(countByValue({ path, equals }, MAX_EVENTS_OF_A_VALUE + 1));
  return row !== undefined && row.events <= MAX_EVENTS_OF_A_VALUE;
}
