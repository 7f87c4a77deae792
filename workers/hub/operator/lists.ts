import type { SQL } from "drizzle-orm";
import type { AboutEvent } from "../../../schema/contract/find.ts";
import type { ListedDispatch, ListedEvent, Page } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  dispatchesToLookAt,
  type ListedRow,
  listDispatches,
  scanLimit,
} from "../../../schema/queries/dispatches/list-dispatches.ts";
import {
  eventScanLimit,
  eventsToLookAt,
  type ListedEventRow,
  listEvents,
} from "../../../schema/queries/events/list-events.ts";
import type { AboutOptions, AboutRow } from "../../../schema/queries/fragments/about-event.ts";
import type { ListOptions } from "../../../schema/queries/fragments/list-conditions.ts";
import { estimateRows } from "../../../schema/queries/setup/estimate-rows.ts";
import { DEFAULT_KIND_MEMBER } from "../../../schema/vocabulary/event-checks.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import { toDispatch, toEvent } from "./answers-from-rows.ts";
import { check, DispatchFilterSchema, EventFilterSchema, PageSchema } from "./argument-schemas.ts";
import { LOOK_MS, lookFor } from "./bounded-search.ts";
import type { OperatorContext } from "./context.ts";
import { type CursorContext, decodeCursor, encodeCursor } from "./cursor.ts";
import { byIndex, indexedPaths } from "./payload-indexes.ts";

export { foundRows } from "./bounded-search.ts";

/** Settings of the lists. */
export interface PageSettings {
  /** The member that names an event's kind; default `kind`. */
  member?: string;
  /** How long one call searches, in milliseconds. Default {@link LOOK_MS}. */
  lookMs?: number;
}

/** One page of dispatches. @throws OperatorError */
export async function pageOfDispatches(
  database: Database,
  filter: unknown,
  page: unknown,
  settings: PageSettings = {},
): Promise<Page<ListedDispatch>> {
  const checked = check(DispatchFilterSchema, filter ?? {}, "filter");
  const list = {
    name: "dispatches",
    list: listDispatches,
    scanLimit,
    toLookAt: dispatchesToLookAt,
    toItem: toDispatch,
  } as const;
  return pageOf(database, list, checked, page, settings);
}

/** One page of events. @throws OperatorError */
export async function pageOfEvents(
  database: Database,
  filter: unknown,
  page: unknown,
  settings: PageSettings = {},
): Promise<Page<ListedEvent>> {
  const checked = check(EventFilterSchema, filter ?? {}, "filter");
  const list = {
    name: "events",
    list: listEvents,
    scanLimit: eventScanLimit,
    toLookAt: eventsToLookAt,
    toItem: (row: ListedEventRow & { id: string }) => ({ ...toEvent(row), statuses: row.statuses }),
  } as const;
  return pageOf(database, list, checked, page, settings);
}

/** The member that names an event's kind in this hub. If the configuration cannot be read, it is the default. */
export function kindMemberOf({ events }: OperatorContext): string {
  try {
    return events?.()?.member ?? DEFAULT_KIND_MEMBER;
  } catch {
    return DEFAULT_KIND_MEMBER; // a faulty configuration must not hide a list
  }
}

/** A list with pages. */
interface PagedList<Filter, Row, Item> {
  name: "dispatches" | "events";
  list(filter: Filter, options: ListOptions): SQL<ListedRow<Row>>;
  scanLimit(filter: Filter, limit: number, look: number | undefined): number;
  /** All rows that the list has to search. */
  toLookAt(filter: Filter): SQL;
  toItem(row: Row): Item;
}

async function pageOf<
  Filter extends Pick<CheckedDispatchFilter, "payload">,
  Row extends { id: string } & AboutRow,
  Item,
>(
  database: Database,
  { name, list, scanLimit, toLookAt, toItem }: PagedList<Filter, Row, Item>,
  asked: Filter,
  page: unknown,
  { member = DEFAULT_KIND_MEMBER, lookMs = LOOK_MS }: PageSettings,
): Promise<Page<Item & { about?: AboutEvent }>> {
  const {
    order,
    limit,
    cursor,
    look = Number.POSITIVE_INFINITY,
    about: wanted,
  } = check(PageSchema, page ?? {}, "page");
  const context: CursorContext = { list: name, order, filter: asked };
  const after = decodeCursor(context, cursor);
  const about = wanted ? { member, paths: await indexedPaths(database) } : undefined;
  const filter = await byIndex(database, name, asked);
  const source = {
    list: (options: ListOptions) => list(filter, options),
    scanLimit: (rows: number, look: number | undefined) => scanLimit(filter, rows, look),
  };
  // One row more than requested shows whether there is a next page.
  const bounds = { ms: lookMs, rows: look };
  const { rows, further, looked } = await lookFor(database, source, { order, limit: limit + 1, after, about }, bounds);
  const items = rows.slice(0, limit).map((row) => ({ ...toItem(row), ...aboutOf(row, about) }));
  if (rows.length > limit) return { items, cursor: encodeCursor(context, rows[limit - 1]?.id ?? "") };
  if (further === undefined) return { items };
  const [plan] = await database.run(estimateRows(toLookAt(filter)));
  const of = Math.round(plan?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0);
  return { items, cursor: encodeCursor(context, further), looked: { rows: looked, of, to: momentOf(further) } };
}

function aboutOf({ about }: AboutRow, options: AboutOptions | undefined): { about?: AboutEvent } {
  if (about === undefined || about === null || options === undefined) return {};
  const values = options.paths.flatMap((path, index) => {
    const value = about.values[index] ?? null;
    return value === null ? [] : [{ path, value }];
  });
  return { about: { kind: about.kind, values, beginning: about.beginning } };
}

/** The moment that is part of an id. */
const momentOf = (id: string) => new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
