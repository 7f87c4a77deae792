import type { DispatchSummary, ListedEvent, Page } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { type ListedRow, listDispatches, scanLimit } from "../../../schema/queries/dispatches/list-dispatches.ts";
import { eventScanLimit, listEvents } from "../../../schema/queries/events/list-events.ts";
import { check, DispatchFilterSchema, EventFilterSchema, PageSchema } from "./check.ts";
import { type CursorContext, decodeCursor, encodeCursor } from "./cursor.ts";
import { toDispatch, toEvent } from "./rows.ts";

/** One page of dispatches. @throws OperatorError */
export async function pageOfDispatches(
  database: Database,
  filter: unknown,
  page: unknown,
): Promise<Page<DispatchSummary>> {
  const checked = check(DispatchFilterSchema, filter ?? {}, "filter");
  const { order, limit, cursor } = check(PageSchema, page ?? {}, "page");
  const context: CursorContext = { list: "dispatches", order, filter: checked };
  const after = decodeCursor(context, cursor);
  // One more than asked for tells whether there is a next page.
  const rows = await database.run(listDispatches(checked, { order, limit: limit + 1, after }));
  return toPage(rows, limit, scanLimit(checked, limit + 1), context, toDispatch);
}

/** One page of events. @throws OperatorError */
export async function pageOfEvents(database: Database, filter: unknown, page: unknown): Promise<Page<ListedEvent>> {
  const checked = check(EventFilterSchema, filter ?? {}, "filter");
  const { order, limit, cursor } = check(PageSchema, page ?? {}, "page");
  const context: CursorContext = { list: "events", order, filter: checked };
  const after = decodeCursor(context, cursor);
  const rows = await database.run(listEvents(checked, { order, limit: limit + 1, after }));
  return toPage(rows, limit, eventScanLimit(checked, limit + 1), context, (row) => ({
    ...toEvent(row),
    statuses: row.statuses,
  }));
}

/** The rows that a list has found; where it found none, its only row says how far it looked. */
export function foundRows<Row extends { id: string }>(rows: readonly ListedRow<Row>[]): Row[] {
  return rows.filter((row) => row.id !== null) as unknown as Row[];
}

function toPage<Row extends { id: string }, Item>(
  rows: readonly ListedRow<Row>[],
  limit: number,
  scanLimit: number,
  context: CursorContext,
  toItem: (row: Row) => Item,
): Page<Item> {
  const found = foundRows(rows);
  const items = found.slice(0, limit).map(toItem);
  const [first] = rows;
  const more =
    found.length > limit ? found[limit - 1]?.id : first?.scanned === scanLimit ? first.scanned_to : undefined;
  return more === undefined || more === null ? { items } : { items, cursor: encodeCursor(context, more) };
}
