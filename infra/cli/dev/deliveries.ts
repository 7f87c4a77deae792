import { setTimeout as sleep } from "node:timers/promises";
import type { TailItem } from "../../../schema/contract/tail.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { MAX_TAIL_ITEMS } from "../../../schema/vocabulary/operator-limits.ts";
import { getTail } from "../../../workers/hub/operator/tail.ts";
import { missedLine, tailLine } from "../ops/tail/line.ts";
import { follower } from "../ops/tail/unseen-items.ts";

const POLL_MS = 250;

/** Reports deliveries as they happen. */
export interface Deliveries {
  /** Reports at once what has happened by now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Calls `tell` with a line for each attempt and each result from now on, and for each event that goes nowhere. It asks the database, so it does not
 * matter who delivers. If there are more than {@link MAX_TAIL_ITEMS} between two looks, it reports the newest, and the number of the others.
 */
export async function followDeliveries(database: Database, tell: (line: string) => void): Promise<Deliveries> {
  const stopping = new AbortController();
  const makeLook = follower(
    (after) => getTail(database, {}, { limit: MAX_TAIL_ITEMS, ...(after && { after }) }),
    false,
  );
  let looking: Promise<void> = Promise.resolve();

  const look = async () => {
    const news = await makeLook();
    if (news.missed > 0) tell(missedLine(news));
    for (const item of news.items) if (isTold(item)) tell(tailLine(item));
  };
  // One at a time: two at once would report everything twice.
  const next = () => {
    looking = looking.then(look).catch(() => undefined); // the Workers report it, too, and the next look follows
    return looking;
  };

  await next();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      await next();
    }
  })();
  return {
    look: next,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** If an event has dispatches, those are reported, and not the event. */
const isTold = (item: TailItem): boolean => item.what !== "event" || (item.routed && item.dispatches === 0);
