import { sql } from "drizzle-orm";
import type { DispatchNotice } from "../../queue/messages.ts";

/** The columns that a statement returns for a dispatch that is to be enqueued; `d` is the dispatch, `e` its event. */
export const noticeColumns = sql`d.id, d.destination, d.generation,
  ceil(extract(epoch from d.next_attempt_at - now()) * 1000)::bigint as due_in_ms, d.timeout_seconds, d.group_limit, d.flow_key is not null as flow, e.payload_bytes`;

export interface NoticeRow {
  id: string;
  destination: string;
  generation: number;
  /** When its next attempt is due, in milliseconds from the statement on; negative if that has passed. */
  due_in_ms: number;
  timeout_seconds: number;
  group_limit: number | null;
  flow: boolean;
  payload_bytes: number;
}

/**
 * Makes the queue message for a row. Its reader has a Worker's clock, as we do, and not the database's, so the due time is translated to that clock.
 * `enqueues` says that it was enqueued before in this generation; `learned` is the largest group that its destination was just found to accept.
 */
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
