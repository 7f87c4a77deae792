import { sql } from "drizzle-orm";
import type { DispatchNotice } from "../messages.ts";

/** What a statement returns of a dispatch that is to be enqueued; `d` is the dispatch, `e` its event. */
export const noticeColumns = sql`d.id, d.destination, d.generation, d.next_attempt_at, d.timeout_seconds, d.alone, e.payload_bytes`;

export interface NoticeRow {
  id: string;
  destination: string;
  generation: number;
  next_attempt_at: Date;
  timeout_seconds: number;
  alone: boolean;
  payload_bytes: number;
}

/** The queue's word on a row; `enqueues`, if it was enqueued before in this generation. */
export function toNotice(row: NoticeRow, enqueues?: number): DispatchNotice {
  return {
    id: row.id,
    destination: row.destination,
    generation: row.generation,
    dueAt: row.next_attempt_at.getTime(),
    bytes: row.payload_bytes,
    timeoutSeconds: row.timeout_seconds,
    ...(row.alone ? { alone: true } : {}),
    ...(enqueues === undefined ? {} : { enqueues }),
  };
}
