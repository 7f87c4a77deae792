import { type SQL, sql } from "drizzle-orm";
import { idArray } from "../fragments/list-conditions.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

/**
 * Cancels those of the given dispatches that are ongoing, and advances the operation. A call in flight runs to its end and is still recorded. Returns
 * one cancelled dispatch per order: the executor must be told, since the next dispatch of the order may be called now.
 */
export function cancelDispatches(ids: readonly string[], reason: string, chunk: Chunk): SQL<NoticeRow> {
  return sql<NoticeRow>`
    with ${operationAt(chunk)}, target as materialized (
      select d.id from op cross join eventhub.dispatches d
      where d.id = any(${idArray(ids)}) and d.status = 'ongoing'
      ${inLockOrder}
    ), cancelled as (
      update eventhub.dispatches d set status = 'cancelled', resulted_at = now(), reason = ${reason}
      from target where d.id = target.id
      returning d.*
    ), ${operationMoves(chunk, sql`cancelled`)}
    select ${noticeColumns}
    from (select distinct on (c.destination, c.order_key) c.* from cancelled c where c.order_key is not null order by c.destination, c.order_key, c.seq) d
    join eventhub.events e on e.id = d.event_id`;
}
