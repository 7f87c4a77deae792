import { type SQL, sql } from "drizzle-orm";
import { byKey } from "../fragments/by-key.ts";
import { lateDispatches } from "../fragments/late-dispatches.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";

export type RequeuedRow = NoticeRow & { enqueues: number };

/**
 * Marks dispatches as enqueued again, oldest first, if they are overdue by more than a grace and no Workflow instance owns them. The wait between two
 * requeues doubles, from the grace up to an hour: the instance may be waiting behind a concurrency limit. Two concurrent runs never take the same
 * row. `turn` says where to look beyond the oldest. What a resumed destination still holds is left out: it drains at its own rate.
 */
export function requeueUnclaimed({
  graceSeconds,
  limit,
  turn = 0,
}: {
  graceSeconds: number;
  limit: number;
  turn?: number;
}): SQL<RequeuedRow> {
  const unclaimed = sql`d.instance_id is null
    and d.enqueued_at < now() - make_interval(secs => least(${graceSeconds} * 2 ^ least(d.enqueues - 1, 20), 3600))`;
  const late = lateDispatches({
    before: sql`now() - make_interval(secs => ${graceSeconds})`,
    where: unclaimed,
    limit,
    turn,
  });
  return sql<RequeuedRow>`
    with recursive ${late}, overdue as (
      select d.id from eventhub.dispatches d
      where d.id = any (array(select late.id from late order by late.next_attempt_at limit ${limit})) and ${byKey(sql`d.status`)} = 'ongoing' and ${unclaimed}
      for update skip locked
    )
    update eventhub.dispatches d set enqueued_at = now(), enqueues = d.enqueues + 1
    from overdue, eventhub.events e
    where d.id = overdue.id and e.id = d.event_id
    returning ${noticeColumns}, d.enqueues`;
}

/**
 * Takes a requeue back that the queue refused: the next wait is as long as the one before. Rows that were claimed or enqueued since stay as they are.
 */
export function takeBackRequeue(rows: readonly RequeuedRow[]): SQL<never> {
  const refused = rows.map(({ id, generation, enqueues }) => ({ id, generation, enqueues }));
  return sql<never>`
    with same as materialized (
      select d.id from json_to_recordset(${JSON.stringify(refused)}::json) as r(id uuid, generation int, enqueues int)
      join eventhub.dispatches d on d.id = r.id
      where d.status = 'ongoing' and d.instance_id is null and d.generation = r.generation and d.enqueues = r.enqueues
      ${inLockOrder}
    )
    update eventhub.dispatches d set enqueues = d.enqueues - 1 from same where d.id = same.id`;
}
