import { sql } from "drizzle-orm";
import type { DispatchNotice } from "../../queue/messages.ts";

/** What a statement returns of a dispatch that is to be enqueued; `d` is the dispatch, `e` its event. */
export const noticeColumns = sql`d.id, d.destination, d.generation,
  ceil(extract(epoch from d.next_attempt_at - now()) * 1000)::bigint as due_in_ms, d.timeout_seconds, d.group_limit, d.flow_key is not null as flow, e.payload_bytes`;

export interface NoticeRow {
  id: string;
  destination: string;
  generation: number;
  /** When its next attempt is due, in milliseconds from the statement on; below 0, if it was. */
  due_in_ms: number;
  timeout_seconds: number;
  group_limit: number | null;
  flow: boolean;
  payload_bytes: number;
}

/**
 * The queue's word on a row. Who reads it has a Worker's clock, as we do, and not the database's: so it says how long is to be waited from now
 * on by that clock. `enqueues`, if it was enqueued before in this generation; `learned`, if its destination was just found to bear no larger groups. */
export function toNotice(row: NoticeRow, enqueues?: number, learned?: number): DispatchNotice {
  return {
    id: row.id,
    destination: row.destination,
    generation: row.generation,
    dueAt: Math.max(0, Date.now() + row.due_in_ms),
    bytes: row.payload_bytes,
    timeoutSeconds: row.timeout_seconds,
    ...(row.group_limit === null ? {} : { limit: row.group_limit }),
    ...(learned === undefined ? {} : { learned }),
    ...(row.flow ? { flow: true } : {}),
    ...(enqueues === undefined ? {} : { enqueues }),
  };
}
