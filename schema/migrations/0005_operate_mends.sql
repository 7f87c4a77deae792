ALTER TABLE "eventhub"."destinations" ADD COLUMN "resumed_by" text;--> statement-breakpoint
-- Replaced, not dropped: the grants on it stay.
CREATE OR REPLACE VIEW "eventhub"."overdue_dispatches" AS (
  select now() - d.next_attempt_at as overdue_by, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    d.workflow, d.instance_id, d.generation, d.enqueues, d.nudges, d.missing_since, d.next_attempt_at, d.lease_until
  from eventhub.dispatches d
  where d.status = 'ongoing' and d.next_attempt_at < now() - interval '1 minute'
    and (d.lease_until is null or d.lease_until < now())
    and not exists (select from eventhub.destinations p where p.name = d.destination
      and (p.paused_at is not null or (d.instance_id is null and d.enqueued_at < p.drain_from))));--> statement-breakpoint

-- A payload with a number that no double holds would be read as Infinity, which is no JSON.
CREATE OR REPLACE FUNCTION eventhub.emit(payload jsonb, idempotency_key text DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
declare
  size integer := octet_length(payload::text);
  inexact text;
  stored uuid;
begin
  if payload is null or jsonb_typeof(payload) <> 'object' then
    raise exception '[invalid_payload] payload must be a JSON object, got %', coalesce(jsonb_typeof(payload), 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if size > 1048576 then
    raise exception '[too_large] payload must be at most 1048576 bytes of JSON, got %', size using errcode = 'program_limit_exceeded';
  end if;
  if jsonb_path_exists(payload, 'strict $.** ? (@.type() == "number" && (@ > 1.7976931348623158e308 || @ < -1.7976931348623158e308))') then
    raise exception '[invalid_payload] payload holds a number beyond those of a double (1.8e308)' using errcode = 'numeric_value_out_of_range';
  end if;
  -- Beyond 2^53 a double holds multiples of a power of two only: ids of 64 or 128 bits would silently become others.
  select n.value into inexact
  from jsonb_path_query(payload, 'strict $.** ? (@.type() == "number" && (@ > 9007199254740991 || @ < -9007199254740991))') item
  cross join lateral (select (item #>> '{}')::numeric as value) n
  where abs(n.value) < 1e39 and n.value <> n.value::float8::text::numeric
    and n.value % power(2::numeric, floor(log(2, abs(n.value))) - 52) <> 0
  limit 1;
  if inexact is not null then
    raise exception '[invalid_payload] payload holds %, which no consumer can read exactly: write it as text', left(inexact, 40)
      using errcode = 'numeric_value_out_of_range';
  end if;
  if jsonb_path_exists(payload, 'strict $.**{500 to last} ? (@.type() == "object" || @.type() == "array")') then
    raise exception '[invalid_payload] payload is nested deeper than 500 levels' using errcode = 'program_limit_exceeded';
  end if;
  if length(idempotency_key) not between 1 and 255 then
    raise exception '[invalid_options] idempotencyKey must have 1 to 255 characters, got %', length(idempotency_key)
      using errcode = 'invalid_parameter_value';
  end if;
  insert into eventhub.events (id, payload, payload_bytes, idempotency_key, routed)
  values (eventhub.new_id(), emit.payload, size, emit.idempotency_key, false)
  on conflict do nothing
  returning id into stored;
  if stored is null then
    select e.id into strict stored from eventhub.events e
    where e.idempotency_key = emit.idempotency_key and e.idempotency_index = 0;
  end if;
  return stored;
end $$;--> statement-breakpoint

CREATE OR REPLACE FUNCTION eventhub.tell_pause() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if (old.paused_at is null) is distinct from (new.paused_at is null) then
    insert into eventhub.events (id, payload, payload_bytes, own, routed)
    select eventhub.new_id(), told.payload, octet_length(told.payload::text), true, false
    from (select jsonb_strip_nulls(jsonb_build_object(
      'kind', case when new.paused_at is null then 'eventhub.destination.resumed' else 'eventhub.destination.paused' end,
      'destination', new.name, 'by', case when new.paused_at is null then new.resumed_by else new.paused_by end, 'reason', new.pause_reason,
      'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) as payload) told;
  end if;
  return null;
end $$;--> statement-breakpoint

-- Comments for the people who read this.
COMMENT ON FUNCTION eventhub.tell_result IS 'The trigger of dispatches that failed, were misconfigured or lost; not for dispatches of the hub''s own events, which would make a loop.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.tell_pause IS 'The trigger of destinations that were paused or resumed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.event_id IS 'The event that it delivers.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.created_at IS 'When it was saved, by the database''s clock: with its event, or when an operator retried or replayed it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.dispatch_id IS 'The dispatch that it attempted to deliver.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.drained_at IS 'Up to when moments have been given out to what it held: those of the next minutes are in next_attempt_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.name IS 'Its name in the configuration, as in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.resumed_by IS 'Who last resumed it: operator or breaker.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.id IS 'The caller''s operationId, or a UUIDv7 made by the hub.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.created_at IS 'When it was begun. Bulk work leaves alone what was created since.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.updated_at IS 'When it was last moved on, or tried in vain.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.finished_at IS 'When it was through; null while it is running.';--> statement-breakpoint

COMMENT ON VIEW eventhub.overdue_dispatches IS 'Ongoing a minute beyond their time with nobody at work, and held neither by a pause nor by the drain after it. instance_id is the Workflow instance to look up: wrangler workflows instances describe <workflow> <instance_id>.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.overdue_by IS 'How long ago its next attempt was due.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.took IS 'From started_at to finished_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.destination IS 'Its name. One that has done nothing for a day, has nothing ongoing and was never paused is not listed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.period IS 'hour or day: the last one, up to now.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.success_rate IS 'complete and ignored of all that resulted without an operator, 0 to 1; null if nothing did.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.complete IS 'Dispatches that became complete in the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.ignored IS 'Dispatches that became ignored in the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.failed IS 'Dispatches that became failed in the period, after all their retries.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.misconfigured IS 'Dispatches that became misconfigured in the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.lost IS 'Dispatches that became lost in the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.cancelled IS 'Dispatches that operators cancelled in the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p50_ms IS 'Milliseconds from the moment the last attempt was due to its result: half of those called took no longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p95_ms IS 'As p50_ms: 95 of 100 took no longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p99_ms IS 'As p50_ms: 99 of 100 took no longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.ongoing IS 'Dispatches that are ongoing now, whatever the period.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.oldest_ongoing IS 'When the oldest of them was created.';--> statement-breakpoint

-- The columns that views take over from the tables say what they say there.
DO $$
declare
  said record;
begin
  for said in
    select v.relname as view, a.attname as column, coalesce(
      case when v.relname = 'dispatch_timeline' then col_description('eventhub.executions'::regclass, x.attnum) end,
      col_description(t.attrelid, t.attnum)) as comment
    from pg_class v join pg_attribute a on a.attrelid = v.oid
    left join pg_attribute x on x.attrelid = 'eventhub.executions'::regclass and x.attname = a.attname and a.attname <> 'dispatch_id'
    left join (values
        ('dispatch_id', 'dispatches', 'id'), ('payload', 'events', 'payload'), ('emitted_at', 'events', 'created_at'),
        ('idempotency_key', 'events', 'idempotency_key'), ('paused_at', 'destinations', 'paused_at')) as m(name, source, original)
      on m.name = a.attname
    left join pg_attribute t on t.attrelid = format('eventhub.%I', coalesce(m.source, 'dispatches'))::regclass
      and t.attname = coalesce(m.original, a.attname)
    where v.relnamespace = 'eventhub'::regnamespace and v.relkind = 'v' and a.attnum > 0 and col_description(v.oid, a.attnum) is null
  loop
    execute format('comment on column eventhub.%I.%I is %L', said.view, said.column, said.comment);
  end loop;
end $$;
