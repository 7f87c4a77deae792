/** What became of the dispatches that an operation made, for the view and the statements alike. */
import { type SQL, sql } from "drizzle-orm";
import { DELIVERED, ofEach, UNHAPPY } from "./status-literals.ts";
import { CALLED_OFF_STATUSES } from "./vocabulary/statuses.ts";

/**
 * Joins to an operation `o` the counts `c` of the first `most` dispatches that it made. `failed` includes those that were `retried` since. `held` are
 * those that a pause of their destination or key holds; `ongoing` are the others that are not final. The operation is compared as a range: with an
 * equality, the planner may prefer to read all dispatches by their ids to find the first of these.
 */
export const countOutcome = (most: SQL): SQL => sql`lateral (
    select count(*) as counted,
      count(*) filter (where d.status in ${DELIVERED}) as delivered,
      count(*) filter (where d.status in ${UNHAPPY}) as failed,
      count(*) filter (where d.status in ${UNHAPPY} and exists (select from eventhub.dispatches r where r.retry_of = d.id)) as retried,
      count(*) filter (where d.status = 'ongoing' and d.paused) as held,
      count(*) filter (where d.status = 'ongoing' and not d.paused) as ongoing,
      count(*) filter (where ${ofEach(CALLED_OFF_STATUSES, (status) => `d.status = '${status}'`, " or ")}) as cancelled
    from (
      select m.id, m.status, p.paused_at is not null or k.paused_at is not null or q.paused_at is not null as paused
      from (
        select d.id, d.status, d.destination, d.flow_key, d.order_key
        from eventhub.dispatches d where d.operation_id >= o.id and d.operation_id <= o.id order by d.operation_id, d.id limit ${most}
      ) m
      left join eventhub.destinations p on p.name = m.destination
      left join eventhub.flow_keys k on k.destination = m.destination and k.key = m.flow_key
      left join eventhub.paused_orders q on q.destination = m.destination and q.key = m.order_key
    ) d
  ) c`;

/** The outcome, one of OPERATION_OUTCOMES, of an operation `o` with its counts `c`. */
export const OUTCOME: SQL = sql`case
      when o.affected = 0 then case o.state when 'running' then 'running' else 'nothing' end
      when c.counted = 0 then 'removed'
      when c.failed = c.counted then 'failed'
      when c.failed > 0 then 'partly_failed'
      when o.state = 'running' then 'running'
      when c.ongoing + c.held > 0 then 'ongoing'
      when c.cancelled > 0 then 'cancelled'
      else 'delivered' end`;
