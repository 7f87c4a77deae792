import { type SQL, sql } from "drizzle-orm";
import type { EventPayload } from "../../contract/index.ts";

/**
 * The most payload in one page, in bytes; a page always has at least one event. The database sends a page in one answer, and that has 64 MB at most.
 */
export const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/**
 * The most events that a page looks at to find those of producers: some ten milliseconds. Bounded, since a hub with alerts may emit more of its own
 * than producers do.
 */
export const MAX_SCANNED_EVENTS = 10_000;

/** A stored event; `payload` is null once retention has removed it. */
export interface RecentEvent {
  id: string;
  payload: EventPayload | null;
  /** Whether the hub itself emitted it. */
  own: boolean;
}

/**
 * A page of events, newest first: those before `before`, or the newest of all. With `producers`, without the hub's own, except that it ends with the
 * last event it looked at, whoever emitted it, if there may be more: the next page begins there.
 */
export function readRecentEvents({
  before,
  limit,
  producers,
}: {
  before: string | undefined;
  limit: number;
  producers: boolean;
}): SQL<RecentEvent> {
  return sql<RecentEvent>`
    select page.id, page.payload, page.own
    from (
      select newest.*, sum(newest.payload_bytes) over (order by newest.id desc) - newest.payload_bytes as bytes_before
      from (
        select e.id, e.payload, e.own, e.payload_bytes
        from (
          select id, payload, own, payload_bytes, row_number() over (order by id desc) as place from eventhub.events
          where id < coalesce(${before ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
          order by id desc
          limit ${producers ? MAX_SCANNED_EVENTS : limit}
        ) e
        where ${producers ? sql`not e.own or e.place = ${MAX_SCANNED_EVENTS}` : sql`true`}
        order by e.id desc
        limit ${limit}
      ) newest
    ) page
    where page.bytes_before < ${MAX_PAGE_BYTES}
    order by page.id desc`;
}
