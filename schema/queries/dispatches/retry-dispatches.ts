import { type SQL, sql } from "drizzle-orm";
import { waitingOf } from "../fragments/draw-turns.ts";
import { idArray } from "../fragments/list-conditions.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { type PolicyOverrides, policyColumns, policyOf } from "../fragments/policy-sql.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

export interface Retry extends PolicyOverrides {
  perSecond: number;
  delaySeconds: number;
}

/**
 * Makes a new dispatch for each of the given ones that is final, has a payload and was not retried, and advances the operation. The new ones become
 * due one after another at the rate. If two operators retry the same ones, the second finds them retried. The statement locks the events, so that
 * retention cannot remove their payloads meanwhile. In an order, each new dispatch takes the place of the one that it retries.
 */
export function retryDispatches(
  ids: readonly string[],
  retry: Retry,
  chunk: Chunk,
): SQL<NoticeRow & { retry_of: string }> {
  return sql<NoticeRow & { retry_of: string }>`
    with ${operationAt(chunk)}, source as (
      select d.*, e.payload_bytes, asked.n, op.affected
      from op cross join unnest(${idArray(ids)}) with ordinality as asked(id, n)
      join eventhub.dispatches d on d.id = asked.id
      join eventhub.events e on e.id = d.event_id
      where d.status <> 'ongoing' and e.payload is not null
      order by e.id for key share of e
    ), created as (
      insert into eventhub.dispatches (id, event_id, ${policyColumns}, next_attempt_at, retry_of, operation_id, waiting, seq)
      select eventhub.new_id(), event_id, ${policyOf("source", retry)},
        now() + make_interval(secs => ${retry.delaySeconds}::float8 + (affected + n - 1) / ${retry.perSecond}::float8), id, ${chunk.operationId}::uuid,
        ${waitingOf("source")}, seq
      from source order by n
      on conflict do nothing
      returning *
    ), ${operationMoves(chunk, sql`created`)}
    select ${noticeColumns}, d.retry_of from created d join source e on e.id = d.retry_of`;
}
