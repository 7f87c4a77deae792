import { type SQL, sql } from "drizzle-orm";
import { FLOW_BLOCKS } from "../../vocabulary/statuses.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

/**
 * Limits that replace those of the configuration. Null lifts a limit; one that is left out stays. They are those of the destination, or of one `key`.
 */
export interface FlowOverride {
  destination: string;
  key: string | undefined;
  limits: object;
  until: Date;
}

const one = sql`select from op`;

/** Sets limits for a while, in place of those that were set before. Runs under the destination's lock. */
export function overrideLimits({ destination, key, limits, until }: FlowOverride, chunk: Chunk): SQL<never> {
  const set = sql`override = ${JSON.stringify(limits)}::jsonb, override_until = ${until.toISOString()}::timestamptz`;
  const change =
    key === undefined
      ? sql`update eventhub.flow_destinations f set ${set} from op where f.destination = ${destination}`
      : sql`insert into eventhub.flow_keys as k (destination, key, ready, override, override_until)
        select ${destination}, ${key}, false, ${JSON.stringify(limits)}::jsonb, ${until.toISOString()}::timestamptz from op
        on conflict (destination, key) do update set ${set}, touched_at = now()`;
  return sql<never>`
    with ${operationAt(chunk)}, change as (${change}), ${operationMoves(chunk, sql`op where false`)}
    ${one}`;
}

/** Returns to the configuration's limits, and forgets the rate's count and any cooldown. Runs under the destination's lock. */
export function resetLimits({ destination, key }: Pick<FlowOverride, "destination" | "key">, chunk: Chunk): SQL<never> {
  const forget = sql`override = null, override_until = null, cool_until = null, tat = null`;
  const change =
    key === undefined
      ? sql`update eventhub.flow_destinations f set ${forget}, blocked = null from op where f.destination = ${destination}`
      : sql`update eventhub.flow_keys k set ${forget} from op where k.destination = ${destination} and k.key = ${key}`;
  return sql<never>`
    with ${operationAt(chunk)}, change as (${change}), ${operationMoves(chunk, sql`op where false`)}
    ${one}`;
}

/** Looks again at a key that is waiting because of one of its limits. Runs under the destination's lock. */
export function unblockKey(destination: string, key: string): SQL<never> {
  return sql<never>`select eventhub.flow_unblock(${destination}, array[${key}::text], ${`{${FLOW_BLOCKS.join(",")}}`}::text[])`;
}

/** The dispatch whose message tells the executor that a destination may go on: of the next key in line, the one that is due first. */
export function noticeOfDestination(destination: string): SQL<NoticeRow> {
  return sql<NoticeRow>`
    select ${noticeColumns}
    from (select key from eventhub.flow_keys where destination = ${destination} and ready order by vtime, key limit 20) k
    cross join lateral (
      select d.* from eventhub.dispatches d
      where d.destination = ${destination} and d.flow_key = k.key and d.waiting and d.status = 'ongoing' order by d.next_attempt_at limit 1
    ) d
    join eventhub.events e on e.id = d.event_id limit 1`;
}
