import { type SQL, sql } from "drizzle-orm";
import { held } from "./held.ts";
import { type NoticeRow, noticeColumns } from "./notice-columns.ts";

export type RequeuedRow = NoticeRow & { enqueues: number };

/**
 * Marks as enqueued again what is overdue by more than a grace and owned by no Workflow instance, oldest first. The wait between two times
 * doubles from the grace up to an hour: its instance may be waiting behind a concurrency limit. Two runs at once take different rows. What
 * a resumed destination still holds comes by its own way, at its own rate.
 */
export function requeueUnclaimed({ graceSeconds, limit }: { graceSeconds: number; limit: number }): SQL<RequeuedRow> {
  return sql<RequeuedRow>`
    with overdue as (
      select d.id from eventhub.dispatches d
      where d.status = 'ongoing' and d.instance_id is null
        and d.next_attempt_at < now() - make_interval(secs => ${graceSeconds})
        and d.enqueued_at < now() - make_interval(secs => least(${graceSeconds} * 2 ^ least(d.enqueues - 1, 20), 3600))
        and not exists (select from eventhub.destinations p where p.name = d.destination
          and (d.enqueued_at < p.drain_from or ${held}))
      order by d.next_attempt_at
      limit ${limit}
      for update skip locked
    )
    update eventhub.dispatches d set enqueued_at = now(), enqueues = d.enqueues + 1
    from overdue, eventhub.events e
    where d.id = overdue.id and e.id = d.event_id
    returning ${noticeColumns}, d.enqueues`;
}

/** The queue refused these: they wait no longer for it than for the time before. What has been claimed or enqueued since stays as it is. */
export function takeBackRequeue(rows: readonly RequeuedRow[]): SQL<never> {
  const refused = rows.map(({ id, generation, enqueues }) => ({ id, generation, enqueues }));
  return sql<never>`
    update eventhub.dispatches d set enqueues = d.enqueues - 1
    from json_to_recordset(${JSON.stringify(refused)}::json) as r(id uuid, generation int, enqueues int)
    where d.id = r.id and d.status = 'ongoing' and d.instance_id is null and d.generation = r.generation and d.enqueues = r.enqueues`;
}
