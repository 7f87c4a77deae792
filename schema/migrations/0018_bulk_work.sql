-- concurrently
ALTER TABLE "eventhub"."operations" DROP CONSTRAINT "operations_action";--> statement-breakpoint
ALTER TABLE "eventhub"."operations" DROP CONSTRAINT "operations_state";--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD COLUMN "expected" integer;--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD COLUMN "expected_exact" boolean;--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD COLUMN "stopped_by" text;--> statement-breakpoint
CREATE INDEX "operations_incident" ON "eventhub"."operations" USING btree ((arguments ->> 'incident'),"created_at") WHERE action = 'note_incident';--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD CONSTRAINT "operations_stopped" CHECK ((state = 'stopped') = (stopped_by is not null));--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD CONSTRAINT "operations_expected" CHECK ((expected is null) = (expected_exact is null));--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD CONSTRAINT "operations_action" CHECK (action in ('retry_dispatch', 'retry_dispatches', 'replay_events', 'cancel_dispatch', 'cancel_dispatches', 'pause_destination', 'resume_destination', 'pause_key', 'resume_key', 'set_flow', 'reset_flow', 'release_key', 'stop_operation', 'note_incident'));--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD CONSTRAINT "operations_state" CHECK (state in ('running', 'finished', 'stopped'));--> statement-breakpoint
CREATE VIEW "eventhub"."incidents" AS (
  select i.destination, i.status, i.state, i.dispatches, i.first, i.last, i.reason, i.reasons,
    (select o.arguments ->> 'note' from eventhub.operations o where o.action = 'note_incident' and o.arguments ->> 'incident' = i.key
      order by o.created_at desc limit 1) as note,
    i.over_time, i.example, i.key
  from (
    with recent as materialized (
      select d.id, d.destination, d.status, coalesce(d.reason, '') as reason, d.resulted_at from eventhub.dispatches d
      where d.status in ('failed', 'misconfigured', 'lost') and d.resulted_at >= (now() - interval '24 hours') 
      order by d.resulted_at desc limit 20000
    ), left_over as materialized (
      select r.* from recent r where not exists (select from eventhub.dispatches x where x.retry_of = r.id)
    ), causes as materialized (
      select l.reason, regexp_replace(left(coalesce(l.reason, ''), 200), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+', '#', 'g') as cause from left_over l group by l.reason
    ), alike as materialized (
      select l.id, l.resulted_at, hashtextextended(l.reason, 0) as reason, hashtextextended(l.destination || ' ' || l.status || ' ' || c.cause, 0) as kind
      from left_over l join causes c on c.reason = l.reason
    ), begun as (
      select a.*, coalesce(a.resulted_at - lag(a.resulted_at) over (partition by a.kind order by a.resulted_at, a.id) > interval '1 hour', true)::int as begins
      from alike a
    ), numbered as materialized (
      select b.*, sum(b.begins) over (partition by b.kind order by b.resulted_at, b.id) as n,
        least(width_bucket(extract(epoch from b.resulted_at), extract(epoch from (now() - interval '24 hours')), extract(epoch from now()) + 1, 24), 24) as part
      from begun b
    ), parts as materialized (
      select m.kind, m.n, m.part, count(*)::int as dispatches from numbered m group by 1, 2, 3
    ), grouped as (
      select m.kind, m.n, count(*)::int as dispatches, count(distinct m.reason)::int as reasons,
        min(m.resulted_at) as first, max(m.resulted_at) as last, (array_agg(m.id order by m.resulted_at desc, m.id desc))[1] as example
      from numbered m group by 1, 2
    ), worst as materialized (
      select g.*, sum(g.dispatches) over ()::int as failed, g.last >= now() - interval '10 minutes' as failing
      from grouped g
      order by length(g.dispatches::text) desc, failing desc, g.last desc, g.example limit 20
    )
    select e.destination, e.status, e.reason, w.reasons, w.dispatches, w.first, w.last, w.example,
      md5(e.destination || ' ' || e.status || ' ' || regexp_replace(left(coalesce(e.reason, ''), 200), '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+', '#', 'g')) as key,
      case when w.failing then 'failing' when d.since then 'stopped' else 'quiet' end as state,
      (select array_agg(coalesce(p.dispatches, 0) order by t.part) from generate_series(1, 24) t(part)
        left join parts p on p.kind = w.kind and p.n = w.n and p.part = t.part) as over_time,
      w.failed, (select count(*)::int from recent) as looked
    from worst w
    join eventhub.dispatches e on e.id = w.example
    cross join lateral (
      select coalesce(bool_or(d.status in ('complete', 'ignored') and d.resulted_at > w.last), false) as since
      from (
        select d.status, d.resulted_at from eventhub.dispatches d where d.destination >= e.destination and d.destination <= e.destination
        order by d.destination desc, d.id desc limit 200
      ) d
    ) d
    order by length(w.dispatches::text) desc, w.failing desc, w.last desc, w.example) i);--> statement-breakpoint
CREATE VIEW "eventhub"."operation_outcomes" AS (
  select o.created_at as began_at, o.actor, o.action, o.state, o.stopped_by, o.finished_at, case
      when o.affected = 0 then case o.state when 'running' then 'running' else 'nothing' end
      when c.counted = 0 then 'removed'
      when c.failed = c.counted then 'failed'
      when c.failed > 0 then 'partly_failed'
      when o.state = 'running' then 'running'
      when c.ongoing + c.held > 0 then 'ongoing'
      when c.cancelled > 0 then 'cancelled'
      else 'delivered' end as outcome, o.expected,
    o.affected as made, c.delivered, c.failed, c.retried, c.held, c.ongoing, c.cancelled, o.id as operation_id
  from eventhub.operations o cross join lateral (
    select count(*) as counted,
      count(*) filter (where d.status in ('complete', 'ignored')) as delivered,
      count(*) filter (where d.status in ('failed', 'misconfigured', 'lost')) as failed,
      count(*) filter (where d.status in ('failed', 'misconfigured', 'lost') and exists (select from eventhub.dispatches r where r.retry_of = d.id)) as retried,
      count(*) filter (where d.status = 'ongoing' and d.paused) as held,
      count(*) filter (where d.status = 'ongoing' and not d.paused) as ongoing,
      count(*) filter (where d.status = 'cancelled') as cancelled
    from (
      select m.id, m.status, p.paused_at is not null or k.paused_at is not null or q.paused_at is not null as paused
      from (
        select d.id, d.status, d.destination, d.flow_key, d.order_key
        from eventhub.dispatches d where d.operation_id >= o.id and d.operation_id <= o.id order by d.operation_id, d.id limit all
      ) m
      left join eventhub.destinations p on p.name = m.destination
      left join eventhub.flow_keys k on k.destination = m.destination and k.key = m.flow_key
      left join eventhub.paused_orders q on q.destination = m.destination and q.key = m.order_key
    ) d
  ) c
  where o.action in ('retry_dispatch', 'retry_dispatches', 'replay_events'));--> statement-breakpoint
CREATE FUNCTION eventhub.stop_operation(operation uuid, who text DEFAULT session_user, stop_id uuid DEFAULT eventhub.new_id()) RETURNS SETOF eventhub.operations
LANGUAGE plpgsql VOLATILE AS $$
begin
  -- A chunk that is at work holds this row until it has committed; the next one finds that nothing runs any more.
  perform from eventhub.operations o where o.id = operation and o.state = 'running' for no key update;
  if found then
    insert into eventhub.operations (id, actor, action, arguments, state, finished_at)
    values (stop_id, who, 'stop_operation', jsonb_build_object('id', operation), 'finished', clock_timestamp())
    on conflict do nothing;
    if found then
      update eventhub.operations o set state = 'stopped', stopped_by = who, finished_at = clock_timestamp(), updated_at = clock_timestamp()
      where o.id = operation;
    end if;
  end if;
  return query select * from eventhub.operations o where o.id = operation;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.stop_operation IS 'Stops bulk work: select * from eventhub.stop_operation(''...'', ''ada''). Once this has committed, no chunk begins. What the operation has made stays. Does not change an operation that is not running. Returns the operation as it is then, or no row.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.state IS 'running until bulk work is finished; the hub continues what its Worker left. stopped: by an operator, before it was finished.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.finished_at IS 'When it finished or was stopped; null while it is running.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.expected IS 'How many dispatches it makes or cancels, according to its preview; null if its caller did not say.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.expected_exact IS 'Whether the preview counted to the end.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.stopped_by IS 'Who stopped it; null if nobody did.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.action IS 'What: retry_dispatches, replay_events, cancel_dispatches, stop_operation, pause_destination, pause_key, release_key, ...';--> statement-breakpoint
COMMENT ON VIEW eventhub.operation_outcomes IS 'What came of the dispatches that each retry and replay has made. Newest: select * from eventhub.operation_outcomes order by operation_id desc limit 20. Each row counts the dispatches of its operation.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.began_at IS 'When it began.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.actor IS 'Who began it, as the caller said.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.action IS 'retry_dispatch, retry_dispatches or replay_events.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.state IS 'running while it makes dispatches, then finished; or stopped by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.stopped_by IS 'Who stopped it; null if nobody did.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.finished_at IS 'When it finished or was stopped; null while it is running.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.outcome IS 'The first of these that is true: nothing (was made); removed (by retention); failed (all); partly_failed; running; ongoing (in progress or held); cancelled (some); delivered (all).';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.expected IS 'How many it makes, according to its preview; null if its caller did not say.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.made IS 'Dispatches that it has made.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.delivered IS 'Of them: complete or ignored.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.failed IS 'Of them: failed, misconfigured or lost.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.retried IS 'Of those that failed: retried manually since.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.held IS 'Of them: ongoing, and held by a pause of their destination or their key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.ongoing IS 'Of them: ongoing, and not held.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.cancelled IS 'Of them: cancelled by operators.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operation_outcomes.operation_id IS 'Its id, as in dispatches.operation_id.';
--> statement-breakpoint
COMMENT ON VIEW eventhub.incidents IS 'What ended without success in the last day and was not retried, grouped by destination, status and cause. After an hour without such a failure, the next one begins a new incident. Shows the twenty worst first (by order of magnitude, then those that still fail, then the newest), from the newest 20,000 failures.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.status IS 'failed, misconfigured or lost.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.state IS 'failing: the last failure is younger than ten minutes; stopped: its destination has accepted others since; quiet: neither.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.dispatches IS 'How many dispatches it has.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.first IS 'When the first of them ended.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.last IS 'When the last of them ended.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.reason IS 'The reason of the last of them.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.reasons IS 'How many reasons it has; they differ only in numbers and ids.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.note IS 'The newest note of an operator on this cause; null without one.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.over_time IS 'How many ended in each hour of the day, the newest last.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.example IS 'The last of them.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.incidents.key IS 'The key under which notes on it are stored.';
