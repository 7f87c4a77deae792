import { type SQL, sql } from "drizzle-orm";
import { idArray } from "../fragments/list-conditions.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type Chunk, operationAt, operationMoves } from "../operations/operation-chunk.ts";

/** Cancels those of these that are ongoing, and moves the operation on. A call in flight ends as it will, and is still recorded. */
export function cancelDispatches(ids: readonly string[], reason: string, chunk: Chunk): SQL<{ id: string }> {
  return sql<{ id: string }>`
    with ${operationAt(chunk)}, target as materialized (
      select d.id from op cross join eventhub.dispatches d
      where d.id = any(${idArray(ids)}) and d.status = 'ongoing'
      ${inLockOrder}
    ), cancelled as (
      update eventhub.dispatches d set status = 'cancelled', resulted_at = now(), reason = ${reason}
      from target where d.id = target.id
      returning d.id
    ), ${operationMoves(chunk, sql`cancelled`)}
    select id from cancelled`;
}
