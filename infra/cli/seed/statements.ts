/**
 * One batch of made-up history in three set-based statements: events spread evenly over a time span, one to three dispatches each, and their
 * executions. One destination had a bad night; a few dispatches are lost, cancelled, waiting or overdue.
 */

/** A UUIDv7 of a moment. */
const idAt = (moment: string) => `encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send((extract(epoch from ${moment}) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid`;

/**
 * `$1` is the number of events, `$2` the first time, `$3` the seconds between two events, `$4` the number of events before them: each has a number of
 * its own.
 */
export const MAKE_EVENTS = `
  create temporary table seed_event on commit drop as
  select ${idAt("at")} as id, at, $4::int + n as n, kind, 1 + (random() < 0.5)::int + (random() < 0.17)::int as fan_out
  from (
    select n, $2::timestamptz + make_interval(secs => (n - random()) * $3::float8) as at,
      (array['order.paid', 'order.shipped', 'invoice.created', 'user.signed_up', 'payment.failed', 'ticket.opened'])[1 + floor(random() * 6)::int] as kind
    from generate_series(1, $1::int) n
  ) moments`;

export const INSERT_EVENTS = `
  insert into eventhub.events (id, payload, payload_bytes, idempotency_key, created_at)
  select id, payload, octet_length(payload::text), case when n % 3 = 0 then 'seed-' || id end, at
  from (
    select id, n, at, jsonb_build_object('kind', kind, 'id', n, 'at', at,
      'customer', jsonb_build_object('id', 'c-' || floor(random() * 20000)::int, 'country', (array['DE', 'FR', 'US', 'JP', 'BR'])[1 + n % 5]),
      'items', (select jsonb_agg(jsonb_build_object('sku', 'sku-' || (n * k) % 900, 'quantity', k, 'cents', (n * k) % 20000, 'note', md5(n::text || k)))
        from generate_series(1, 2 + n % 7) k)) as payload
    from seed_event
  ) made`;

/** The bad night: eight hours of one destination, ten hours ago. */
const BAD_NIGHT = "destination = 'BILLING' and at between now() - interval '10 hours' and now() - interval '2 hours'";

export const MAKE_DISPATCHES = `
  create temporary table seed_dispatch on commit drop as
  select *, case when status in ('lost', 'cancelled') then 0 when status = 'ongoing' then 1
      when status = 'failed' then 6 when dice < 0.03 then 2 else 1 end as attempts,
    case status
      when 'failed' then (array['Error: connect ECONNREFUSED 10.2.0.7:443', 'no answer within 30 s', 'HTTP 503 from billing.internal: upstream overloaded',
        'customer is locked'])[1 + floor(random() * 4)::int]
      when 'misconfigured' then 'the executor has no binding ' || destination
      when 'lost' then 'no attempt could be recorded in 5 Workflow instances in a row'
      when 'cancelled' then 'cancelled by an operator'
      when 'ongoing' then 'HTTP 429 from ' || lower(destination) || '.internal' end as reason
  from (
    select *, case
      when ${BAD_NIGHT} and dice < 0.9 then 'failed'
      when at > now() - interval '10 minutes' or dice between 0.5 and 0.502 then 'ongoing'
      when dice < 0.004 then 'failed' when dice < 0.005 then 'misconfigured' when dice < 0.00502 then 'lost'
      when dice < 0.006 then 'cancelled' when dice < 0.02 then 'ignored' else 'complete' end as status
    from (
      select ${idAt("e.at")} as id, e.id as event_id, e.at, random() as dice,
        (array['WAREHOUSE', 'ARCHIVE', 'ARCHIVE', 'SEARCH', 'MAIL', 'CRM', 'ANALYTICS', 'ANALYTICS', 'BILLING', 'AUDIT'])[1 + (e.n + 3 * k) % 10] as destination,
        'route-' || (e.n * k) % 40 as route
      from seed_event e cross join generate_series(1, e.fan_out) k
    ) drawn
  ) judged`;

export const INSERT_DISPATCHES = `
  insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, workflow, instance_id,
    attempts, next_attempt_at, enqueued_at, created_at, resulted_at, reason)
  select id, event_id, destination, route, 5, '{"type": "constant", "interval": 5}', 30, status, 'DISPATCH', id || '-seeded', attempts,
    case when status = 'ongoing' then now() + (random() - 0.02) * interval '1 day' else due end, at, at,
    case when status <> 'ongoing' then due + (0.05 + random() ^ 4 * 2) * interval '1 second' end, reason
  from (select *, at + greatest(attempts - 1, 0) * interval '5 seconds' as due from seed_dispatch) d`;

export const INSERT_EXECUTIONS = `
  insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
  select id, attempt, result, case when result in ('failed', 'misconfigured') then coalesce(reason, 'Error: connection reset') end, id || '-seeded',
    started, started + took
  from (
    select d.*, k as attempt, at + (k - 1) * interval '5 seconds' + interval '30 ms' as started,
      (0.02 + random() ^ 4) * interval '1 second' as took,
      case when status = 'ongoing' or k < attempts then 'failed' else status end as result
    from seed_dispatch d cross join generate_series(1, attempts) k
  ) made`;

export const COUNT_DISPATCHES = "select count(*)::int as n from seed_dispatch";
