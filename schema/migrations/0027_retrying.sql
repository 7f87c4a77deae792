-- concurrently
CREATE INDEX "dispatches_retrying" ON "eventhub"."dispatches" USING btree ("destination","next_attempt_at") WHERE status = 'ongoing' and attempts > 0;--> statement-breakpoint
CREATE VIEW "eventhub"."retrying" AS (
    with recursive names (name) as (
      
        (select d.destination from eventhub.dispatches d where d.status = 'ongoing' and d.attempts > 0  order by d.destination, d.next_attempt_at limit 1)
      union all
      select 
        (select d.destination from eventhub.dispatches d where d.status = 'ongoing' and d.attempts > 0 and d.destination > n.name order by d.destination, d.next_attempt_at limit 1) from names n where n.name is not null
    ), called as materialized (
      select n.name from names n left join eventhub.destinations p on p.name = n.name where n.name is not null and p.paused_at is null
    ), share as materialized (
      select least(greatest(20000 / greatest(count(*), 1), 1), 5000) as most from called
    ), looked as materialized (
      select d.* from called n
      cross join lateral (
        select d.id, d.destination, coalesce(d.reason, '') as reason, d.next_attempt_at from eventhub.dispatches d
        where d.status = 'ongoing' and d.attempts > 0 and d.destination = n.name order by d.next_attempt_at limit (select most from share)
      ) d
      limit 20000
    ), causes as materialized (
      select l.reason, regexp_replace(left(coalesce(l.reason, ''), 200), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+', '#', 'g') as cause from looked l group by l.reason
    ), grouped as (
      select l.destination, c.cause, count(*)::int as dispatches, count(distinct l.reason)::int as reasons,
        (array_agg(l.reason order by l.next_attempt_at desc, l.id desc))[1] as reason,
        min(l.next_attempt_at) filter (where l.next_attempt_at > now()) as next_attempt_at, (array_agg(l.id order by l.id))[1:20] as oldest,
        sum(count(*)) over (partition by l.destination) < (select most from share) and sum(count(*)) over () < 20000 as exact
      from looked l join causes c on c.reason = l.reason group by l.destination, c.cause
    )
    select g.destination, g.dispatches, g.exact, g.reason, g.reasons, f.since, g.next_attempt_at, g.oldest[1] as example
    from grouped g
    cross join lateral (select min(x.finished_at) as since from eventhub.executions x where x.dispatch_id = any(g.oldest) and x.attempt = 1) f
    order by length(g.dispatches::text) desc, f.since, g.destination, g.cause limit 20);--> statement-breakpoint

COMMENT ON VIEW eventhub.retrying IS 'Dispatches that failed and wait for another attempt, grouped by destination and cause, without those that a pause holds. The view has the twenty largest groups, ordered by the order of magnitude of their size. Dispatches that failed for good are in incidents.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.dispatches IS 'The number of dispatches. At most 5,000 per destination, and 20,000 altogether, shared evenly between the destinations, are counted: those that are due next.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.exact IS 'False if there may be more than were counted.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.reason IS 'Why the last attempt of one of them failed; empty if no reason was given.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.reasons IS 'The number of different reasons. They differ only in numbers and ids.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.since IS 'When the first attempt of one of the twenty oldest that were counted failed: the earliest such time. Unless exact, others may have failed for longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.next_attempt_at IS 'When the next attempt is due; null if all that were counted are due now.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.retrying.example IS 'The oldest that was counted.';
