import type { DispatchSummary, ListedEvent, Page } from "../../../../schema/contract/operator.ts";
import { DatabaseError } from "../../../../schema/database/database-error.ts";
import { DEFAULT_PAGE_ITEMS } from "../../../../schema/vocabulary/defaults.ts";
import { momentOfCursor } from "../../../../workers/hub/operator/cursor.ts";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { EXIT } from "../../exit.ts";
import { defined } from "../given-options.ts";
import { at, print } from "../print.ts";
import { showProgress } from "../progress.ts";
import { showDispatches } from "../show-dispatches.ts";
import { showEvents } from "../show-events.ts";
import type { MethodWork, Typed } from "./command.ts";
import { filterOf } from "./filter-options.ts";

/** Reads one page of a list. */
type Read<Item> = (page: object) => Promise<Page<Item>>;

/** The bounds of a search. */
interface Bounds {
  /** The most items. */
  limit: number;
  /** The most rows to look at; no bound if undefined. */
  maxScan: number | undefined;
}

/** The result of a search. */
interface Found<Item> {
  page: Page<Item>;
  /** About how many rows it looked at. */
  looked: number;
  /** Why it ended too early. */
  stopped: "bound" | "interrupt" | undefined;
  error?: unknown;
}

/** `list`: continues until it has a page, or has looked at everything. */
export const searchDispatches: MethodWork = (typed, context, json) => {
  const filter = filterOf(typed.options);
  return work<DispatchSummary>(typed, json, showDispatches, (page) =>
    METHODS.listDispatches.run(context, filter, page),
  );
};

/** `events`: the same for events. */
export const searchEvents: MethodWork = (typed, context, json) => {
  const filter = filterOf(typed.options);
  // People also see each event's kind, which is read from the payload.
  const about = json ? {} : { about: true };
  return work<ListedEvent>(typed, json, showEvents, (page) =>
    METHODS.listEvents.run(context, filter, { ...page, ...about }),
  );
};

async function work<Item>(
  { options }: Typed,
  json: boolean,
  show: (page: Page<Item>) => string,
  read: Read<Item>,
): Promise<void> {
  const { order, cursor, limit = DEFAULT_PAGE_ITEMS, maxScan } = options;
  const bounds = { limit: Number(limit), maxScan: maxScan === undefined ? undefined : Number(maxScan) };
  const { page, looked, stopped, error } = await search(read, defined({ order, cursor }), bounds);
  // What was found before an error is still printed.
  if (error === undefined || page.items.length > 0) print(page, json, show);
  if (stopped !== undefined) {
    console.error(`stopped before the end, after ${looked} rows: ${placeOf(page)}`);
    process.exitCode = EXIT.unfinished;
  } else if (error !== undefined) {
    if (page.cursor !== undefined) console.error(`looked at ${looked} rows: ${placeOf(page)}`);
    throw error;
  } else if (page.items.length === 0) process.exitCode = EXIT.notFound;
}

const placeOf = ({ cursor = "" }: Page<unknown>) => `continue at ${at(momentOfCursor(cursor))} with --cursor ${cursor}`;

/** Reads page after page, since one call looks only at a bounded number of rows. Ctrl-C ends it with what it has found. */
async function search<Item>(
  read: Read<Item>,
  page: { cursor?: string },
  { limit, maxScan }: Bounds,
): Promise<Found<Item>> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  using progress = showProgress(process.stderr);
  const items: Item[] = [];
  let { cursor } = page;
  let looked = 0;
  const found = (stopped?: "bound" | "interrupt") => ({ page: { items, ...defined({ cursor }) }, looked, stopped });
  try {
    for (;;) {
      const look = maxScan === undefined ? undefined : maxScan - looked;
      const next: Page<Item> = await read({ ...page, ...defined({ cursor, look }), limit: limit - items.length });
      items.push(...next.items);
      cursor = next.cursor;
      if (cursor === undefined || items.length >= limit) return found();
      looked += next.looked?.rows ?? 0;
      if (maxScan !== undefined && looked >= maxScan) return found("bound");
      if (interrupt.signal.aborted) return found("interrupt");
      progress.update(`looked at ${looked} rows, reached ${at(momentOfCursor(cursor))}, found ${items.length}`);
    }
  } catch (error) {
    // A wrong call fails with the first page.
    if (!(error instanceof DatabaseError)) throw error;
    return { ...found(), error };
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}
