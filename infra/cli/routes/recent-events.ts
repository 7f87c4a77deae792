import type { Database } from "../../../schema/database/connection.ts";
import { type RecentEvent, readRecentEvents } from "../../../schema/queries/events/read-recent-events.ts";

const PAGE_EVENTS = 500;

/**
 * The newest stored events, newest first. They are read page by page, so the memory does not grow with `count`. With `producers`, the hub's own are
 * left out, and not counted.
 */
export async function* recentEvents(
  database: Database,
  count: number,
  { producers = false } = {},
): AsyncGenerator<RecentEvent> {
  let before: string | undefined;
  for (let left = count; left > 0; ) {
    const page = await database.run(readRecentEvents({ before, limit: Math.min(left, PAGE_EVENTS), producers }));
    // A page may be short because its events are large; only an empty one is the last.
    if (page.length === 0) return;
    const wanted = producers ? page.filter(({ own }) => !own) : page;
    yield* wanted;
    left -= wanted.length;
    before = page.at(-1)?.id;
  }
}
