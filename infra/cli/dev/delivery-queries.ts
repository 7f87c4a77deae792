import type { Pool } from "pg";
import type { Delivery } from "./delivery-line.ts";

/** How far back each look goes: a moment is taken before its row is committed. */
const WINDOW = "interval '60 seconds'";

const NAME = `case when jsonb_typeof(e.payload -> 'kind') = 'string' then e.payload ->> 'kind'
                   when jsonb_typeof(e.payload -> 'type') = 'string' then e.payload ->> 'type' end`;

// Both parts are read from the ends of their indexes, so that a look costs the same beside a million dispatches.
const MOVED = `
  with moves as (
    select * from (
      (select id, resulted_at as at from eventhub.dispatches where resulted_at > now() - ${WINDOW} order by resulted_at desc limit $1)
      union all
      (select dispatch_id, finished_at from eventhub.executions where finished_at > now() - ${WINDOW} order by finished_at desc limit $1)
    ) either order by at desc limit $1
  ), moved as (select id, max(at) as at from moves group by id)
  select d.id, d.event_id as event, ${NAME} as name, d.destination, d.status, d.attempts, d.reason,
         (extract(epoch from d.resulted_at - d.created_at) * 1000)::float8 as ms,
         extract(epoch from d.next_attempt_at - now())::float8 as "nextSeconds",
         (select count(*) >= $1 from moves) as cut
  from moved
  join eventhub.dispatches d on d.id = moved.id
  join eventhub.events e on e.id = d.event_id
  order by moved.at, d.id`;

/**
 * The dispatches that made an attempt or got a result in the last minute, oldest first.
 *
 * @param limit How many attempts and results are read, the newest.
 * @returns `cut` if there may be more.
 */
export async function readMoved(pool: Pool, limit: number): Promise<{ dispatches: Delivery[]; cut: boolean }> {
  const { rows } = await pool.query<Delivery & { cut: boolean }>(MOVED, [limit]);
  return { dispatches: rows, cut: rows.some(({ cut }) => cut) };
}

// An id is of the time that its event was emitted at: its first 48 bits are the milliseconds since 1970.
const UNROUTED = `
  select * from (
    select e.id, ${NAME} as name
    from eventhub.events e
    where e.id >= (lpad(to_hex((extract(epoch from now() - ${WINDOW}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      and e.routed and not exists (select from eventhub.dispatches d where d.event_id = e.id)
    order by e.id desc limit $1
  ) newest order by id`;

/** The events of the last minute that no route takes, the newest `limit` of them, oldest first. */
export async function readUnrouted(pool: Pool, limit: number): Promise<{ id: string; name: string | null }[]> {
  const { rows } = await pool.query<{ id: string; name: string | null }>(UNROUTED, [limit]);
  return rows;
}
