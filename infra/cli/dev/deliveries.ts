import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { type Delivery, deliveryLine, moreLine, unroutedLine } from "./delivery-line.ts";
import { readMoved, readUnrouted } from "./delivery-queries.ts";

const POLL_MS = 250;

/** Attempts and results that one look reads, and events without a route: what comes faster is not read by people. */
export const MAX_TOLD = 500;

/** Tells of deliveries as they happen. */
export interface Deliveries {
  /** Tells at once what has happened by now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const stateOf = ({ status, attempts }: Delivery) => `${status} ${attempts}`;

/**
 * Calls `tell` with a line for each dispatch that changes its status or makes an attempt from now on, and for each event that no route takes. It
 * asks the database, whoever delivers. Of more than {@link MAX_TOLD} between two looks it tells the newest, and that there were more.
 */
export async function followDeliveries(pool: Pool, tell: (line: string) => void): Promise<Deliveries> {
  const stopping = new AbortController();
  const seen = new Map<string, string>();
  const told = new Set<string>();
  let looking: Promise<void> = Promise.resolve();

  const look = async (first = false) => {
    const [{ dispatches, cut }, events] = await Promise.all([readMoved(pool, MAX_TOLD), readUnrouted(pool, MAX_TOLD)]);
    const found = new Set(dispatches.map(({ id }) => id));
    const news = dispatches.filter((dispatch) => seen.get(dispatch.id) !== stateOf(dispatch));
    // If not even the oldest was seen before, there are older ones that were not.
    if (cut && !first && news[0] === dispatches[0]) tell(moreLine());
    for (const dispatch of news) {
      if (!first) tell(deliveryLine(dispatch));
      seen.set(dispatch.id, stateOf(dispatch));
    }
    for (const id of seen.keys()) if (!found.has(id)) seen.delete(id);
    for (const { id, name } of events) {
      if (!told.has(id) && !first) tell(unroutedLine(name ?? id));
      told.add(id);
    }
    for (const id of told) if (!events.some((event) => event.id === id)) told.delete(id);
  };
  // One at a time: two at once would tell everything twice.
  const next = (first?: boolean) => {
    looking = looking.then(() => look(first)).catch(() => undefined); // the Workers say so too, and the next look comes
    return looking;
  };

  await next(true);
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      await next();
    }
  })();
  return {
    look: () => next(),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
