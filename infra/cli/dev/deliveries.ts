import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { type Delivery, deliveryLine, unroutedLine } from "./delivery-line.ts";

const POLL_MS = 250;

/** Tells of deliveries as they happen. */
export interface Deliveries {
  /** Tells at once what has happened by now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Calls `tell` with a line for each dispatch that changes its status or makes an attempt from now on, and for each event that no route takes. It
 * asks the database, so it misses nothing, whoever delivers.
 */
export async function followDeliveries(pool: Pool, tell: (line: string) => void): Promise<Deliveries> {
  const stopping = new AbortController();
  const seen = new Map<string, string>();
  const told = new Set<string>();
  let looking: Promise<void> = Promise.resolve();

  const look = async (first = false) => {
    const [{ rows: dispatches }, { rows: events }] = await Promise.all([
      pool.query<Delivery>(CHANGED),
      pool.query<{ id: string; name: string | null }>(UNROUTED),
    ]);
    const found = new Set(dispatches.map(({ id }) => id));
    for (const dispatch of dispatches) {
      const state = `${dispatch.status} ${dispatch.attempts}`;
      if (seen.get(dispatch.id) !== state && !first) tell(deliveryLine(dispatch));
      seen.set(dispatch.id, state);
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

/** How far back each look goes: a moment is taken before its row is committed. */
const WINDOW = "interval '60 seconds'";

const NAME = `case when jsonb_typeof(e.payload -> 'kind') = 'string' then e.payload ->> 'kind'
                   when jsonb_typeof(e.payload -> 'type') = 'string' then e.payload ->> 'type' end`;

const CHANGED = `
  select d.id, d.event_id as event, ${NAME} as name, d.destination, d.status, d.attempts, d.reason,
         (extract(epoch from d.resulted_at - d.created_at) * 1000)::float8 as ms,
         extract(epoch from d.next_attempt_at - now())::float8 as "nextSeconds"
  from (select * from eventhub.dispatches where resulted_at > now() - ${WINDOW}
        union all
        select * from eventhub.dispatches where status = 'ongoing' and attempts > 0) d
  join eventhub.events e on e.id = d.event_id
  order by coalesce(d.resulted_at, now()), d.id`;

// An id is of the time that its event was emitted at: its first 48 bits are the milliseconds since 1970.
const UNROUTED = `
  select e.id, ${NAME} as name
  from eventhub.events e
  where e.id >= (lpad(to_hex((extract(epoch from now() - ${WINDOW}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
    and e.routed and not exists (select from eventhub.dispatches d where d.event_id = e.id)
  order by e.id`;
