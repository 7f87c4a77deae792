ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "sleeps" boolean DEFAULT false NOT NULL;--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.name IS 'hub: it routed what was emitted in SQL, and continued bulk work; executor: it reconciled; queue: it took a message that had been sent again; resent: since when such a message is expected.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.next_at IS 'When the next run is due at the latest. Null if the cron expression does not say so; for one that sleeps, null if nothing can be overdue until somebody emits or acts. This column and those that follow are only for hub and executor.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.sleeps IS 'Whether it runs when the hub''s alarm says that there is something to do, and not only by a cron.';
--> statement-breakpoint

CREATE FUNCTION eventhub.next_look(p_grace_seconds float8, p_abandoned_seconds float8, p_drain_early_seconds float8, p_unfinished boolean) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  with recursive grace(s, i) as (
    select p_grace_seconds, make_interval(secs => p_grace_seconds)
  ), names(name) as (
    (select d.destination from eventhub.dispatches d where d.status = 'ongoing' order by d.destination, d.next_attempt_at limit 1)
    union all
    select (select d.destination from eventhub.dispatches d where d.status = 'ongoing' and d.destination > n.name order by d.destination, d.next_attempt_at limit 1)
    from names n where n.name is not null
  ), dispatch(at) as (
    -- Of each destination the thousand that are due first; where there are more, the next of them stands for all, as if nobody had claimed it.
    select min(case
      when d.place > 1000 then d.next_attempt_at + g.i
      when d.flow_key is not null or (d.instance_id is null and d.enqueued_at < p.drain_from) then null
      when d.instance_id is null then greatest(d.next_attempt_at + g.i, d.enqueued_at + make_interval(secs => least(g.s * 2 ^ least(d.enqueues - 1, 20), 3600)))
      else greatest(d.next_attempt_at + g.i, d.lease_until + make_interval(secs => g.s * 2 ^ least(d.fruitless_generations, 6)))
    end)
    from grace g, names n left join eventhub.destinations p on p.name = n.name
    cross join lateral (
      select *, row_number() over (order by x.next_attempt_at) as place from (
        select d.next_attempt_at, d.flow_key, d.instance_id, d.enqueued_at, d.enqueues, d.lease_until, d.fruitless_generations
        from eventhub.dispatches d where d.status = 'ongoing' and d.destination = n.name order by d.next_attempt_at limit 1001
      ) x
    ) d
    where p.paused_at is null
      and (d.place <= 1000 or d.flow_key is null or not exists (select from eventhub.flow_destinations f where f.destination = n.name))
  ), drain(at) as (
    select min(p.drained_at - make_interval(secs => p_drain_early_seconds))
    from eventhub.destinations p where p.drain_from is not null and p.paused_at is null
  ), breaker(at) as (
    select min(case when p.probe_dispatch is not null then now() else greatest(p.probe_at, d.next_attempt_at) end)
    from eventhub.destinations p cross join lateral (
      select d.next_attempt_at from eventhub.dispatches d where d.status = 'ongoing' and d.destination = p.name order by d.next_attempt_at limit 1) d
    where p.paused_at is not null and p.paused_by = 'breaker'
  ), flow(at) as (
    select min(least(
      case when f.look_again is not null or f.swept_key is not null or f.swept_order is not null then now() end,
      f.reap_at + g.i,
      case when ready.waits or ready.keys = 100 then case when f.pacer is not null and f.pace_at > now() then f.pace_at + g.i else now() end end,
      (select min(k.wake_at) from eventhub.flow_keys k where k.destination = f.destination and k.wake_at is not null) + g.i,
      (select d.next_attempt_at from eventhub.dispatches d
        where d.status = 'ongoing' and d.destination = f.destination and d.next_attempt_at > now() order by d.next_attempt_at limit 1) + g.i,
      -- What has come of late is looked for when its message has had its time.
      (select d.created_at from eventhub.dispatches d
        where d.status = 'ongoing' and d.id >= eventhub.uuid_at(now() - g.i) order by d.id limit 1) + g.i
    ))
    from grace g, eventhub.flow_destinations f left join eventhub.destinations p on p.name = f.destination
    cross join lateral (
      select bool_or(exists (select from eventhub.dispatches d where d.destination = f.destination and d.flow_key = k.key and d.waiting
        and d.status = 'ongoing' and d.next_attempt_at <= now())) as waits, count(*) as keys
      from (select k.key from eventhub.flow_keys k where k.destination = f.destination and k.ready order by k.vtime, k.key limit 100) k
    ) ready
    where p.paused_at is null
  )
  select least(
    (select d.at from dispatch d), (select d.at from drain d), (select b.at from breaker b), (select f.at from flow f),
    (select min(o.updated_at) + make_interval(secs => p_abandoned_seconds) from eventhub.operations o where o.state = 'running'),
    case when p_unfinished or exists (select from eventhub.events e where not e.routed) then now() end)
$$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.next_look IS 'When the next thing can be overdue by a grace, and somebody is to look: never too late, and null if nothing ongoing can be. What a pause keeps waiting, an operator''s or a key''s, is nothing that time brings on.';
