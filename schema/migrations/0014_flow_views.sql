-- concurrently
ALTER TABLE "eventhub"."operations" DROP CONSTRAINT "operations_action";--> statement-breakpoint
ALTER TABLE "eventhub"."flow_keys" ADD COLUMN "pause_reason" text;--> statement-breakpoint
ALTER TABLE "eventhub"."operations" ADD CONSTRAINT "operations_action" CHECK (action in ('retry_dispatch', 'retry_dispatches', 'replay_events', 'cancel_dispatch', 'cancel_dispatches', 'pause_destination', 'resume_destination', 'pause_key', 'resume_key', 'set_flow', 'reset_flow', 'release_key'));--> statement-breakpoint
CREATE VIEW "eventhub"."flow" AS (
  with ongoing as (
    select d.destination, d.flow_key as key, count(*) filter (where d.waiting) as waiting,
      count(*) filter (where not d.waiting and d.lease_until is null) as behind, min(d.next_attempt_at) filter (where d.waiting) as oldest_due
    from eventhub.dispatches d where d.status = 'ongoing' and d.flow_key is not null group by 1, 2
  ), flying as (
    select v.destination, v.key, count(*) as in_flight from eventhub.flights v group by 1, 2
  ), holding as (
    select h.destination, h.flow_key as key, count(*) as held, (array_agg(h.id order by h.id))[1] as held_by
    from eventhub.dispatches h
    where h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id) group by 1, 2
  ), known as (
    select destination, key from eventhub.flow_keys union select destination, key from ongoing union select destination, key from holding
  )
  select n.destination, n.key, coalesce(o.waiting, 0) as waiting, coalesce(o.behind, 0) as behind, coalesce(v.in_flight, 0) as in_flight,
    case k.minute when date_trunc('minute', now()) then k.calls + round(k.calls_before * (1 - extract(second from now()) / 60))::integer
      when date_trunc('minute', now()) - interval '1 minute' then round(k.calls * (1 - extract(second from now()) / 60))::integer else 0 end as calls_last_minute, o.oldest_due,
    case
      when k.paused_at is not null then 'pause'
      when not (coalesce(o.waiting, 0) > 0) then null
      when p.paused_at is not null then 'pause'
      when k.wake_at > now() then coalesce(k.blocked, 'time')
      else coalesce(f.blocked, 'turn') end as waiting_for,
    case when k.wake_at > now() then k.wake_at end as wake_at, k.paused_at, k.pause_reason, coalesce(h.held, 0) as held, h.held_by,
    case when k.override_until > now() then k.override end as override, case when k.override_until > now() then k.override_until end as override_until
  from known n
  left join eventhub.flow_keys k on k.destination = n.destination and k.key = n.key
  left join eventhub.flow_destinations f on f.destination = n.destination
  left join eventhub.destinations p on p.name = n.destination
  left join ongoing o on o.destination = n.destination and o.key = n.key
  left join flying v on v.destination = n.destination and v.key = n.key
  left join holding h on h.destination = n.destination and h.key = n.key);--> statement-breakpoint
CREATE VIEW "eventhub"."flow_orders" AS (
  with ongoing as (
    select d.destination, d.order_key as key, count(*) filter (where d.lease_until is null) as waiting,
      count(*) filter (where d.lease_until is not null) as in_flight, (array_agg(d.id order by d.seq))[1] as head
    from eventhub.dispatches d where d.status = 'ongoing' and d.seq is not null group by 1, 2
  ), holding as (
    select h.destination, h.order_key as key, count(*) as held, (array_agg(h.id order by h.seq))[1] as held_by
    from eventhub.dispatches h
    where h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id) group by 1, 2
  ), known as (
    select destination, key from ongoing union select destination, key from holding union select destination, key from eventhub.paused_orders
  )
  select n.destination, n.key, d.flow_key as limits_key, coalesce(o.waiting, 0) as waiting, coalesce(o.in_flight, 0) as in_flight,
    d.next_attempt_at as oldest_due, case
      when q.paused_at is not null then 'pause'
      when d.id is null or d.lease_until is not null then null
      when p.paused_at is not null or k.paused_at is not null then 'pause'
      when h.held_by is not null then 'held'
      when d.next_attempt_at > now() then 'time'
      when k.wake_at > now() then coalesce(k.blocked, f.blocked, 'turn')
      else coalesce(f.blocked, 'turn') end as waiting_for, o.head, coalesce(h.held, 0) as held, h.held_by,
    q.paused_at, q.pause_reason
  from known n
  left join ongoing o on o.destination = n.destination and o.key = n.key
  left join holding h on h.destination = n.destination and h.key = n.key
  left join eventhub.paused_orders q on q.destination = n.destination and q.key = n.key
  left join eventhub.dispatches d on d.id = o.head
  left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination
  left join eventhub.destinations p on p.name = n.destination);--> statement-breakpoint
CREATE VIEW "eventhub"."waiting_dispatches" AS (
  select d.destination, d.flow_key as key, d.order_key,
    case when p.paused_at is not null then 'pause'
      when d.next_attempt_at < p.drain_from and d.enqueued_at < p.drain_from then 'drain'
      when k.paused_at is not null or q.paused_at is not null then 'key_pause'
      when not d.waiting and exists (select from eventhub.dispatches h where h.destination = d.destination and h.order_key = d.order_key and h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id)) then 'held'
      when not d.waiting then 'order'
      when d.next_attempt_at > now() then 'time'
      when k.wake_at > now() then coalesce(k.blocked, f.blocked, 'turn')
      else coalesce(f.blocked, 'turn') end as waiting_for,
    case when d.waiting then (select count(*) from (select from eventhub.dispatches o where o.destination = d.destination and o.flow_key = d.flow_key
        and o.waiting and o.status = 'ongoing' and o.next_attempt_at < d.next_attempt_at limit 10000) x)
      else (select count(*) from (select from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key
        and o.seq is not null and o.status = 'ongoing' and o.seq < d.seq limit 10000) x) end::integer as ahead,
    case when not d.waiting then (select o.id from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key
      and o.seq is not null and o.status = 'ongoing' order by o.seq limit 1) end as head,
    case when not d.waiting then (select h.id from eventhub.dispatches h where h.destination = d.destination and h.order_key = d.order_key and h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id) order by h.seq limit 1) end as held_by,
    d.next_attempt_at, d.attempts, d.id as dispatch_id, d.event_id, d.created_at
  from eventhub.dispatches d
  left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination
  left join eventhub.destinations p on p.name = d.destination
  left join eventhub.paused_orders q on q.destination = d.destination and q.key = d.order_key
  where d.status = 'ongoing' and d.flow_key is not null and d.lease_until is null);--> statement-breakpoint
-- Replaced, not dropped: the grants on it stay.
CREATE OR REPLACE VIEW "eventhub"."overdue_dispatches" AS (
  select now() - d.next_attempt_at as overdue_by, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    d.workflow, d.instance_id, d.generation, d.enqueues, d.nudges, d.missing_since, d.next_attempt_at, d.lease_until
  from eventhub.dispatches d
  left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination
  where d.status = 'ongoing' and d.next_attempt_at < now() - interval '1 minute'
    and (d.lease_until is null or d.lease_until < now())
    and not exists (select from eventhub.destinations p where p.name = d.destination
      and (p.paused_at is not null or (d.instance_id is null and d.enqueued_at < p.drain_from)))
    and not (coalesce(d.flow_key is not null and d.lease_until is null and case when d.waiting
      then k.paused_at is not null
        or (not k.ready and k.wake_at > now() - interval '1 minute' and (k.blocked is not null or k.wake_at < now() + interval '1 minute'))
        or ((k.ready or k.wake_at <= now()) and (greatest(f.looked_at, f.pace_at) >= now() - interval '1 minute'
          or exists (select from eventhub.flights v where v.destination = d.destination and v.until > now())))
      else exists (select from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key and o.head and o.status = 'ongoing')
        or exists (select from eventhub.dispatches h where h.destination = d.destination and h.order_key = d.order_key and h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id))
        or exists (select from eventhub.paused_orders q where q.destination = d.destination and q.key = d.order_key)
        or exists (select from eventhub.flights v where v.destination = d.destination and v.order_key = d.order_key) end, false)));--> statement-breakpoint

CREATE FUNCTION eventhub.tell_key() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
declare
  cause text := case when old.held and new.held is null then 'release' when new.status = 'cancelled' then 'cancel'
    when new.status in ('complete', 'ignored') then 'retry' else 'skip' end;
begin
  -- What became of a retry counts only where it stood in for one that held its key.
  if new.held is not true and old.held is not true and not exists (select from eventhub.dispatches h where h.id = new.retry_of and h.held) then
    return null;
  end if;
  insert into eventhub.events (id, payload, payload_bytes, hops, own, routed)
  select eventhub.new_id(), told.payload, octet_length(told.payload::text), e.hops, true, false
  from eventhub.events e, lateral (
    select jsonb_build_object('kind', case when new.held then 'eventhub.key.held' else 'eventhub.key.released' end, 'destination', new.destination,
      'key', new.order_key, 'dispatchId', new.id, 'eventId', new.event_id, 'route', new.route, 'reason', new.reason,
      'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      || case when new.held then '{}' else jsonb_build_object('by', cause) end as payload) told
  where e.id = new.event_id and not e.own;
  return null;
end $$;--> statement-breakpoint
CREATE FUNCTION eventhub.flow_let_go(p_destination text, p_most integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
declare
  ids uuid[];
  orders text[];
begin
  ids := array(select h.id from eventhub.dispatches h where h.destination = p_destination and h.held
    and not exists (select from eventhub.dispatches r where r.retry_of = h.id) limit p_most);
  if cardinality(ids) = 0 then return 0; end if;
  perform eventhub.flow_lock(p_destination, ids);
  with let_go as (
    update eventhub.dispatches h set held = false
    where h.id = any(ids) and h.held and not exists (select from eventhub.dispatches r where r.retry_of = h.id) returning h.order_key
  ) select array_agg(order_key) into orders from let_go;
  perform eventhub.flow_ripen(p_destination, orders);
  return cardinality(ids);
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_let_go IS 'Lets the orders of a destination go on that are held since its configuration said so before: by now they skip what fails for good.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.tell_key IS 'Writes the hub''s own event that a key is held by a dispatch which failed for good, or goes on: eventhub.key.held, eventhub.key.released.';--> statement-breakpoint
CREATE TRIGGER dispatches_tell_held AFTER UPDATE OF held ON eventhub.dispatches FOR EACH ROW
  WHEN (new.held and old.held is not true)
  EXECUTE FUNCTION eventhub.tell_key();--> statement-breakpoint
CREATE TRIGGER dispatches_tell_released AFTER UPDATE OF held, head, status ON eventhub.dispatches FOR EACH ROW
  WHEN (new.order_key is not null and ((old.held and new.held is not true) or (new.retry_of is not null and (
    (old.status = 'ongoing' and new.status in ('complete', 'ignored', 'cancelled'))
    or (old.head and new.head is null and new.held is not true and new.status in ('failed', 'misconfigured', 'lost'))))))
  EXECUTE FUNCTION eventhub.tell_key();--> statement-breakpoint
COMMENT ON TRIGGER dispatches_tell_held ON eventhub.dispatches IS 'Tells that a key is held: eventhub.key.held.';--> statement-breakpoint
COMMENT ON TRIGGER dispatches_tell_released ON eventhub.dispatches IS 'Tells that a key goes on which was held: eventhub.key.released.';--> statement-breakpoint

COMMENT ON COLUMN eventhub.flow_keys.pause_reason IS 'Why, in the operator''s words.';--> statement-breakpoint
COMMENT ON VIEW eventhub.overdue_dispatches IS 'Dispatches that are ongoing more than a minute beyond their time, although nobody works on them and neither a pause nor the drain after it holds them. A dispatch that waits for limits or its order is not overdue while somebody looks after it. instance_id is the Workflow instance to look up: wrangler workflows instances describe <workflow> <instance_id>.';--> statement-breakpoint
COMMENT ON VIEW eventhub.flow IS 'One row per key of each destination with limits or an order: how much waits, for what, and what an operator has done about it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.key IS 'As in dispatches.flow_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.waiting IS 'Dispatches that may be called as soon as they are due and the limits allow.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.behind IS 'Dispatches that are behind another one in their order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.in_flight IS 'Dispatches that are being called, or are about to be.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.calls_last_minute IS 'About how many calls were admitted in the last 60 seconds. Assumes that the calls of the previous minute came evenly.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.oldest_due IS 'When the earliest of those that wait was or is due.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.waiting_for IS 'What the key waits for: pause (its own, or its destination''s), time (nothing is due), rate, concurrency, cooldown (its own, or its destination''s), or only its turn; null if nothing waits.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.wake_at IS 'When it is next checked, if it has nothing to do until then.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.paused_at IS 'Since when an operator has paused the key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.pause_reason IS 'As in flow_keys.pause_reason.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.held IS 'Dispatches that failed for good and hold their order until they are retried or released.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.held_by IS 'The first of them.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.override IS 'Limits that an operator has set for this key, while they apply.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow.override_until IS 'Until when they apply.';--> statement-breakpoint
COMMENT ON VIEW eventhub.flow_orders IS 'One row per key of each order: how much of it waits, for what, and behind which dispatch.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.key IS 'As in dispatches.order_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.limits_key IS 'The limits key of its first dispatch, as in flow.key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.waiting IS 'Dispatches of this key that are not called yet.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.in_flight IS 'Dispatches of this key that are being called, or are about to be. At most one, except in a batch.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.oldest_due IS 'When its first dispatch was or is due.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.waiting_for IS 'What its first dispatch waits for: pause (of this key, its limits key, or its destination), held (by one that failed for good), time, rate, concurrency, cooldown, or only its turn; null while it is called.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.head IS 'Its first dispatch, for which the others wait.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.held IS 'Dispatches that failed for good and hold the key until they are retried or released.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.held_by IS 'The first of them.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.paused_at IS 'Since when an operator has paused the key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_orders.pause_reason IS 'Why, in the operator''s words.';--> statement-breakpoint
COMMENT ON VIEW eventhub.waiting_dispatches IS 'What each dispatch that is not called yet waits for, for destinations with limits or an order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.key IS 'As in dispatches.flow_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.order_key IS 'As in dispatches.order_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.waiting_for IS 'pause (of its destination), drain (after one), key_pause (of its limits key, or of its order key); held (by one of its order that failed for good), order (others of its order are ahead); time (it is not due); rate, concurrency, cooldown (of its key, or of its destination); or only its turn.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.ahead IS 'How many are ahead of it, up to 10,000: those of its order. If it is the first of its order or has none: those of its key that were due earlier.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.head IS 'The first dispatch of its order, if that is another one.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.held_by IS 'The dispatch that failed for good and holds its order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.next_attempt_at IS 'As in dispatches.next_attempt_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.attempts IS 'As in dispatches.attempts.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.dispatch_id IS 'Its id.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.event_id IS 'Its event.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.waiting_dispatches.created_at IS 'As in dispatches.created_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.dispatch_id IS 'The dispatch that is called.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.key IS 'As in dispatches.flow_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.action IS 'What: retry_dispatches, replay_events, cancel_dispatches, pause_destination, pause_key, release_key, ...';--> statement-breakpoint
COMMENT ON SCHEMA eventhub IS 'cf-eventhub: events, their dispatches and the record of every execution. Start with the views: failed_dispatches, lost_dispatches, overdue_dispatches, waiting_dispatches, flow, flow_orders, destination_health, dispatch_timeline.';
