ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "health" jsonb;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "other" jsonb;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "alternates_since" timestamp (3) with time zone;--> statement-breakpoint
CREATE VIEW "eventhub"."destination_states" AS (
    with told as materialized (
      select r.destination, r."windowSeconds" as window_seconds, r."leastResults" as least_results, r."failingBelow" as failing_below,
        r."degradedBelow" as degraded_below, r."manyFailures" as many_failures, r."degradedBelowWithMany" as degraded_below_with_many,
        r."alertResults" as alert_results, now() - make_interval(secs => r."windowSeconds") as since
      from jsonb_to_recordset(coalesce((select h.health from eventhub.heartbeats h where h.name = 'hub'), '[{"windowSeconds":3600,"leastResults":1,"failingBelow":0.5,"degradedBelow":0.95,"manyFailures":50,"degradedBelowWithMany":0.99,"alertResults":20}]'::jsonb)) as r(destination text,
        "windowSeconds" int, "leastResults" int, "failingBelow" float8, "degradedBelow" float8, "manyFailures" int, "degradedBelowWithMany" float8, "alertResults" int)
    ), results as (
      select d.destination, count(*) filter (where d.status in ('complete', 'ignored')) as delivered, count(*) filter (where d.status in ('failed', 'misconfigured', 'lost')) as failed
      from (
        select d.destination, d.status, d.resulted_at from eventhub.dispatches d
        where d.resulted_at >= now() - interval '86400 seconds' and d.resulted_at >= (select min(t.since) from told t)
        order by d.resulted_at desc limit 200000
      ) d
      cross join (select t.since from told t where t.destination is null) usual
      left join told own on own.destination = d.destination
      where d.resulted_at >= coalesce(own.since, usual.since)
      group by d.destination
    ), known as (
      select coalesce(r.destination, p.name) as destination, p.paused_at is not null as paused, p.drain_from is not null as draining,
        coalesce(r.delivered, 0)::int as delivered, coalesce(r.failed, 0)::int as failed
      from results r full join eventhub.destinations p on p.name = r.destination
    )
    select k.destination,
      case when k.paused then 'paused' when k.draining then 'draining'
        when k.delivered + k.failed < t.least_results then 'idle'
        when k.delivered < t.failing_below * (k.delivered + k.failed) then 'failing'
        when k.delivered < t.degraded_below * (k.delivered + k.failed) then 'degraded'
        when k.failed >= t.many_failures and k.delivered < t.degraded_below_with_many * (k.delivered + k.failed) then 'degraded'
        else 'delivering' end as state,
      k.delivered, k.failed, t.window_seconds, t.least_results, t.failing_below, t.degraded_below, t.many_failures, t.degraded_below_with_many, t.alert_results
    from known k
    join told t on t.destination = k.destination or (t.destination is null and not exists (select from told o where o.destination = k.destination)));--> statement-breakpoint
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
    coalesce(j.state, 'idle') as state
  from known k
  cross join (values ('hour'), ('day')) as p(period)
  left join counted c on c.destination = k.destination and c.period = p.period
  left join waiting w on w.destination = k.destination
  left join eventhub.destinations s on s.name = k.destination
  left join eventhub.destination_states j on j.destination = k.destination);--> statement-breakpoint

COMMENT ON COLUMN eventhub.heartbeats.other IS 'The version and configuration that it had before these.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.alternates_since IS 'Since when it alternates between these and the other, as two deployments of one part do; null if it never came back to the other.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.health IS 'The rules by which destinations are judged, as of the hub''s last run: first the rules for all destinations, then those of each destination with rules of its own. Null before the first run; the defaults then apply.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.state IS 'The state of the destination, as in destination_states; the same in both rows.';--> statement-breakpoint
COMMENT ON VIEW eventhub.destination_states IS 'The state of each destination, and the reason for it: its results, and the rules by which they are judged. The console, the command line and the metrics show this state. A destination that is not listed is idle. Of all results, only the newest 200,000 count.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.destination IS 'Its name. A destination is not listed if it has no results in its window and was never paused.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.state IS 'paused or draining; idle with fewer results than least_results; failing or degraded by the rules; otherwise delivering.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.delivered IS 'Dispatches that became complete or ignored in the window.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.failed IS 'Dispatches that became failed, misconfigured or lost in the window.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.window_seconds IS 'How far back results count, up to now. This and the other rules are `health` in the route configuration, as of the hub''s last run.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.least_results IS 'The least number of results in the window. With fewer, the destination is idle.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.failing_below IS 'Below this share of deliveries it is failing.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.degraded_below IS 'Below this share of deliveries it is degraded.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.many_failures IS 'From this number of failures on, degraded_below_with_many applies.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.degraded_below_with_many IS 'Below this share of deliveries it is degraded if there are many failures.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_states.alert_results IS 'From this number of results on, the alert rules look at its state.';
