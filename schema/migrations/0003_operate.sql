-- What drizzle-kit cannot say: ids and events made in SQL, the hub's own events, retention, and comments for the people who read this.

CREATE FUNCTION eventhub.uuid_at(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.uuid_at IS 'The least UUIDv7 of a moment: ids made since then are not below it.';--> statement-breakpoint

-- Postgres has uuidv7() from version 18 on only.
CREATE FUNCTION eventhub.new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.new_id IS 'A new UUIDv7, by the database''s clock.';--> statement-breakpoint

-- Runs with its owner's rights, so that a role which may call it needs none on the tables.
CREATE FUNCTION eventhub.emit(payload jsonb, idempotency_key text DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
declare
  size integer := octet_length(payload::text);
  stored uuid;
begin
  if payload is null or jsonb_typeof(payload) <> 'object' then
    raise exception '[invalid_payload] payload must be a JSON object, got %', coalesce(jsonb_typeof(payload), 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if size > 1048576 then
    raise exception '[too_large] payload must be at most 1048576 bytes of JSON, got %', size using errcode = 'program_limit_exceeded';
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
COMMENT ON FUNCTION eventhub.emit IS 'Emits an event inside the caller''s transaction, and gives its id: it is there if the transaction commits, and the hub routes it within a minute. A key that was seen before gives the id of the event stored first.';--> statement-breakpoint
REVOKE ALL ON FUNCTION eventhub.emit FROM PUBLIC;--> statement-breakpoint

-- Roles belong to the whole server: another database may have made it, or be making it now, or we may not.
DO $$
begin
  if not exists (select from pg_roles where rolname = 'eventhub_producer') then
    create role eventhub_producer nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise notice 'no right to create the role eventhub_producer: create it, and grant it usage on schema eventhub and execute on function eventhub.emit';
end $$;--> statement-breakpoint
DO $$
begin
  if exists (select from pg_roles where rolname = 'eventhub_producer') then
    grant usage on schema eventhub to eventhub_producer;
    grant execute on function eventhub.emit to eventhub_producer;
  end if;
end $$;--> statement-breakpoint

-- The hub's own events. One about a dispatch of such an event is not made, and `hops` is handed on: that ends every loop.
CREATE FUNCTION eventhub.tell_result() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into eventhub.events (id, payload, payload_bytes, hops, own, routed)
  select eventhub.new_id(), told.payload, octet_length(told.payload::text), e.hops, true, false
  from eventhub.events e, lateral (
    select jsonb_build_object('kind', 'eventhub.dispatch.' || new.status, 'dispatchId', new.id, 'eventId', new.event_id,
      'destination', new.destination, 'route', new.route, 'attempts', new.attempts, 'reason', new.reason,
      'at', to_char(new.resulted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as payload) told
  where e.id = new.event_id and not e.own;
  return null;
end $$;--> statement-breakpoint
CREATE TRIGGER dispatches_tell_result AFTER UPDATE OF status ON eventhub.dispatches FOR EACH ROW
  WHEN (old.status = 'ongoing' and new.status in ('failed', 'misconfigured', 'lost'))
  EXECUTE FUNCTION eventhub.tell_result();--> statement-breakpoint
COMMENT ON TRIGGER dispatches_tell_result ON eventhub.dispatches IS 'Emits eventhub.dispatch.failed, .misconfigured or .lost in the transaction that gave the dispatch its status.';--> statement-breakpoint

CREATE FUNCTION eventhub.tell_pause() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if (old.paused_at is null) is distinct from (new.paused_at is null) then
    insert into eventhub.events (id, payload, payload_bytes, own, routed)
    select eventhub.new_id(), told.payload, octet_length(told.payload::text), true, false
    from (select jsonb_strip_nulls(jsonb_build_object(
      'kind', case when new.paused_at is null then 'eventhub.destination.resumed' else 'eventhub.destination.paused' end,
      'destination', new.name, 'by', coalesce(new.paused_by, old.paused_by), 'reason', new.pause_reason,
      'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) as payload) told;
  end if;
  return null;
end $$;--> statement-breakpoint
CREATE TRIGGER destinations_tell_pause AFTER INSERT OR UPDATE OF paused_at ON eventhub.destinations FOR EACH ROW
  EXECUTE FUNCTION eventhub.tell_pause();--> statement-breakpoint
COMMENT ON TRIGGER destinations_tell_pause ON eventhub.destinations IS 'Emits eventhub.destination.paused or .resumed in the transaction that did it.';--> statement-breakpoint

-- Retention. Rows are locked first and looked at again afterwards: a retry that was committed in between is then seen, and a later one waits.
CREATE FUNCTION eventhub.expire_payloads(age interval, batch integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql AS $$
declare
  old uuid[];
  done integer;
begin
  select array_agg(found.id) into old from (
    select e.id from eventhub.events e
    where e.payload is not null and e.routed
      and e.id < eventhub.uuid_at(now() - age + interval '1 hour') and e.created_at < now() - age
      and not exists (select from eventhub.dispatches d where d.event_id = e.id and d.status = 'ongoing')
    order by e.id limit batch for update skip locked) found;
  update eventhub.events e set payload = null
  where e.id = any(old) and not exists (select from eventhub.dispatches d where d.event_id = e.id and d.status = 'ongoing');
  get diagnostics done = row_count;
  return done;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.expire_payloads IS 'Sets the payloads of one batch of events older than the age to null, oldest first, and gives their number. Never of events with an ongoing dispatch.';--> statement-breakpoint

CREATE FUNCTION eventhub.expire_rows(age interval, batch integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql AS $$
declare
  old uuid[];
  done integer;
begin
  select array_agg(found.id) into old from (
    select e.id from eventhub.events e
    where e.routed and e.id < eventhub.uuid_at(now() - age + interval '1 hour') and e.created_at < now() - age
      and not exists (select from eventhub.dispatches d
        where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age))
    order by e.id limit batch for update skip locked) found;
  select array_agg(e.id) into old from eventhub.events e
  where e.id = any(old) and not exists (select from eventhub.dispatches d
    where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age));
  delete from eventhub.executions x using eventhub.dispatches d where d.event_id = any(old) and x.dispatch_id = d.id;
  delete from eventhub.dispatches d where d.event_id = any(old);
  delete from eventhub.events e where e.id = any(old);
  get diagnostics done = row_count;
  return done;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.expire_rows IS 'Deletes one batch of events older than the age, oldest first, with their dispatches and executions, and gives their number. Never one with an ongoing dispatch, or with a result younger than the age.';--> statement-breakpoint

COMMENT ON SCHEMA eventhub IS 'cf-eventhub: events, their dispatches and the record of every execution. Start with the views: failed_dispatches, lost_dispatches, overdue_dispatches, destination_health, dispatch_timeline.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.own IS 'The hub emitted it itself: eventhub.dispatch.failed and the like.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.routed IS 'False for what was written in SQL, until the hub has made its dispatches.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.retry_of IS 'The dispatch that this one retries by hand. Each is retried once: retry the retry.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.operation_id IS 'The operator''s doing that made this dispatch: a retry or a replay.';--> statement-breakpoint
COMMENT ON TABLE eventhub.operations IS 'Who did what: every action of operators and of the circuit breaker.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.actor IS 'Who: the caller''s word, or breaker.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.action IS 'What: retry_dispatches, replay_events, cancel_dispatches, pause_destination, ...';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.arguments IS 'With what filter and options.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.state IS 'running until bulk work is through; the hub''s cron goes on with what its Worker left.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.position IS 'The last dispatch or event that bulk work has dealt with.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.examined IS 'Dispatches or events that the filter has found so far.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.affected IS 'Dispatches made, cancelled or held by it so far.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.paused_by IS 'operator or breaker: the breaker resumes only what it has paused itself.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.resumed_at IS 'When it was last resumed: the breaker looks at no call before that.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.drain_from IS 'When it was resumed, while what was held until then is still being enqueued, oldest first.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.drained_at IS 'When some of it was last enqueued.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_at IS 'When the breaker lets the next dispatch through to try.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_dispatch IS 'The dispatch that the breaker has let through.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_attempt IS 'Its recorded attempts at that moment: one more is the probe''s answer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probed_at IS 'When it let it through.';--> statement-breakpoint
COMMENT ON VIEW eventhub.overdue_dispatches IS 'Ongoing a minute beyond their time with nobody at work, and not held by a pause. instance_id is the Workflow instance to look up: wrangler workflows instances describe <workflow> <instance_id>.';--> statement-breakpoint
COMMENT ON VIEW eventhub.destination_health IS 'Per destination, for the last hour and the last day: what resulted, the share of success, and milliseconds from the moment the last attempt was due to its result; with what is ongoing now.';--> statement-breakpoint
COMMENT ON VIEW eventhub.dispatch_timeline IS 'One row an execution, with event and destination. Of one event: select * from eventhub.dispatch_timeline where event_id = ''...'' order by started_at.';--> statement-breakpoint

-- Bulk work and retention touch many rows of these at once.
ALTER TABLE eventhub.events SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
