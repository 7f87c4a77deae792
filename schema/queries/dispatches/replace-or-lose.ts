import { type SQL, sql } from "drizzle-orm";
import { FRUITLESS_GENERATIONS, SMALL_GROUP_SIZE } from "../../vocabulary/limits.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { type NoticeRow, noticeColumns } from "../fragments/notice-columns.ts";
import { pausedCondition } from "../fragments/paused-condition.ts";
import { limitAfterClaims, type Member } from "./claim-dispatches.ts";

/**
 * Hands dispatches over from their living instance to the next generation: compare-and-set on generation and owner. Rows that somebody else has taken
 * since are left out. A `claim` under which no call began is not counted. Each of their next instances has at most `limit` dispatches, and fewer
 * after an executor has died.
 */
export function handOver(
  members: readonly Member[],
  instanceId: string,
  { claim = null, limit = null }: { claim?: string | null; limit?: number | null } = {},
): SQL<NoticeRow> {
  const claims = sql`d.claims - (d.claim is not distinct from ${claim}::uuid and d.claims > 0 and d.claim is not null)::int`;
  return sql<NoticeRow>`
    with owned as materialized (
      select d.id from json_to_recordset(${JSON.stringify(members)}::json) as m(id uuid, generation int)
      join eventhub.dispatches d on d.id = m.id
      where d.generation = m.generation and d.status = 'ongoing' and d.instance_id = ${instanceId}
      ${inLockOrder}
    )
    update eventhub.dispatches d set
      generation = d.generation + 1, instance_id = null, workflow = null, claim = null, lease_until = null,
      claims = ${claims}, group_limit = least(d.group_limit, ${limit}::smallint, ${limitAfterClaims(claims)}), enqueued_at = now(), enqueues = 1, nudges = 0, missing_since = null
    from owned, eventhub.events e
    where d.id = owned.id and e.id = d.event_id
    returning ${noticeColumns}`;
}

export type ReplacedRow = NoticeRow & { status: "ongoing" | "lost"; event_id: string; traceparent: string | null };

/**
 * Moves dispatches from an instance that has ended, or is not there, to the next generation: into instances of at most {@link SMALL_GROUP_SIZE}.
 * Dispatches that were in such a small instance already get one each.
 *
 * A dispatch becomes `lost` instead if its last {@link FRUITLESS_GENERATIONS} generations recorded no attempt, it was alone in the last of them, and
 * it is overdue by more than `lostAfterSeconds`; the time before its destination was last resumed does not count.
 *
 * `instanceId` is the owner that was read, or the instance that never claimed them. Rows with a valid lease are left out: their owner has claimed
 * them since they were read, and may be at work.
 */
export function replaceInstance(
  members: readonly Member[],
  { instanceId, lostAfterSeconds }: { instanceId: string; lostAfterSeconds: number },
): SQL<ReplacedRow> {
  const small = sql`(${members.length <= SMALL_GROUP_SIZE} or d.group_limit <= ${SMALL_GROUP_SIZE})`;
  return sql<ReplacedRow>`
    with ended as materialized (
      select d.id, d.destination, d.attempts,
        d.group_limit is not distinct from 1 and d.fruitless_generations + 1 >= ${FRUITLESS_GENERATIONS}
          and greatest(d.next_attempt_at, (select p.resumed_at from eventhub.destinations p where p.name = d.destination))
            < now() - make_interval(secs => ${lostAfterSeconds}) as lost
      from json_to_recordset(${JSON.stringify(members)}::json) as m(id uuid, generation int)
      join eventhub.dispatches d on d.id = m.id and d.generation = m.generation
      where d.status = 'ongoing' and (d.instance_id is null or d.instance_id = ${instanceId})
        and (d.lease_until is null or d.lease_until <= now())
        and not exists (select from eventhub.destinations p where p.name = d.destination and ${pausedCondition})
      ${inLockOrder}
    ), unheld as (
      select d.id, d.lost from ended d
      where not exists (select from eventhub.paused_destinations((select array_agg(destination) from ended)) p
        where p.name = d.destination and ${pausedCondition})
    )
    update eventhub.dispatches d set
      status = case when ended.lost then 'lost' else d.status end,
      resulted_at = case when ended.lost then now() end,
      reason = case when ended.lost then format(
        'no attempt could be recorded in %s Workflow instances in a row, the last one %s; overdue since %s',
        d.fruitless_generations + 1, ${instanceId}::text, to_char(d.next_attempt_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"')) else d.reason end,
      generation = d.generation + (not ended.lost)::int,
      instance_id = case when ended.lost then ${instanceId} end,
      workflow = case when ended.lost then d.workflow end,
      claim = null, lease_until = null, enqueued_at = now(), enqueues = 1, nudges = 0, missing_since = null,
      fruitless_generations = d.fruitless_generations + 1, group_limit = case when ${small} then 1 else ${SMALL_GROUP_SIZE} end
    from unheld ended, eventhub.events e
    where d.id = ended.id and e.id = d.event_id
    returning ${noticeColumns}, d.status, d.event_id, e.traceparent`;
}
