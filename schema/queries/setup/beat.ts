import { type SQL, sql } from "drizzle-orm";
import type { Heartbeat } from "../../vocabulary/heartbeats.ts";

/** Says that a part of the hub is at work. */
export const beat = (name: Heartbeat): SQL<never> => sql<never>`
  insert into eventhub.heartbeats (name, at) values (${name}, now()) on conflict (name) do update set at = excluded.at`;

/** Says that dispatches were enqueued again: from now on it is waited for a beat of the queue, unless it was before. */
export const noteResent = (): SQL<never> => sql<never>`
  update eventhub.heartbeats r set at = now() from eventhub.heartbeats q
  where r.name = 'resent' and q.name = 'queue' and r.at <= q.at`;
