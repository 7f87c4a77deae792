-- Replaced, not dropped: the grants on it stay.
CREATE OR REPLACE VIEW "eventhub"."destination_health" AS (
  with resulted as (
    select d.destination, d.status, d.resulted_at,
      case when d.status in ('complete', 'ignored', 'failed', 'misconfigured')
        then extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 end as ms
    from eventhub.dispatches d
    where d.resulted_at >= now() - interval '24 hours'
  ), waiting as (
    select d.destination, count(*) as ongoing, min(d.created_at) as oldest_ongoing
    from eventhub.dispatches d where d.status = 'ongoing' group by d.destination
  ), counted as (
    select r.destination, p.period,
      count(*) filter (where r.status = 'complete') as complete,
    count(*) filter (where r.status = 'ignored') as ignored,
    count(*) filter (where r.status = 'failed') as failed,
    count(*) filter (where r.status = 'misconfigured') as misconfigured,
    count(*) filter (where r.status = 'lost') as lost,
    count(*) filter (where r.status = 'cancelled') as cancelled,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by r.ms) as ms
    from (values ('hour', interval '1 hour'), ('day', interval '24 hours')) as p(period, length)
    join resulted r on r.resulted_at >= now() - p.length
    group by r.destination, p.period
  ), known as (
    select destination from resulted union select destination from waiting union select name from eventhub.destinations
  )
  select k.destination, p.period,
    round((c.complete + c.ignored)::numeric
      / nullif(c.complete + c.ignored + c.failed + c.misconfigured + c.lost, 0), 4) as success_rate,
    coalesce(c.complete, 0) as complete,
    coalesce(c.ignored, 0) as ignored,
    coalesce(c.failed, 0) as failed,
    coalesce(c.misconfigured, 0) as misconfigured,
    coalesce(c.lost, 0) as lost,
    coalesce(c.cancelled, 0) as cancelled,
    round(c.ms[1])::int as p50_ms, round(c.ms[2])::int as p95_ms, round(c.ms[3])::int as p99_ms,
    coalesce(w.ongoing, 0) as ongoing, w.oldest_ongoing, s.paused_at,
    case when s.paused_at is not null then 'paused' when s.drain_from is not null then 'draining'
      when coalesce((c.complete + c.ignored) + (c.failed + c.misconfigured + c.lost), 0) = 0 then 'idle'
      when (c.failed + c.misconfigured + c.lost) >= 1 and (c.complete + c.ignored) < 0.5 * ((c.complete + c.ignored) + (c.failed + c.misconfigured + c.lost)) then 'failing'
      when (c.failed + c.misconfigured + c.lost) >= 1 and (c.complete + c.ignored) < 0.95 * ((c.complete + c.ignored) + (c.failed + c.misconfigured + c.lost)) then 'degraded'
      when (c.failed + c.misconfigured + c.lost) >= 50 and (c.complete + c.ignored) < 0.99 * ((c.complete + c.ignored) + (c.failed + c.misconfigured + c.lost)) then 'degraded'
      else 'delivering' end as state
  from known k
  cross join (values ('hour'), ('day')) as p(period)
  left join counted c on c.destination = k.destination and c.period = p.period
  left join waiting w on w.destination = k.destination
  left join eventhub.destinations s on s.name = k.destination);--> statement-breakpoint

COMMENT ON COLUMN eventhub.destination_health.state IS 'paused, draining, or how the period went: failing (less than half was delivered), degraded (less than 95 %, or less than 99 % with 50 failures or more), delivering, idle. The console and the command line show the state of the hour.';
