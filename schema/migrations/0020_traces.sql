-- concurrently
ALTER TABLE "eventhub"."events" ALTER COLUMN "traceparent" SET DEFAULT substring(current_setting('eventhub.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$');--> statement-breakpoint
ALTER TABLE "eventhub"."events" ADD COLUMN "tracestate" text;--> statement-breakpoint
ALTER TABLE "eventhub"."events" ADD COLUMN "baggage" text;--> statement-breakpoint
CREATE INDEX "events_trace" ON "eventhub"."events" USING btree (substr(traceparent, 4, 32),"id") WHERE traceparent is not null;--> statement-breakpoint
CREATE OR REPLACE VIEW "eventhub"."dispatch_timeline" AS (
  select x.started_at, x.finished_at, x.finished_at - x.started_at as took, x.attempt, x.result, x.reason, d.destination, d.route,
    d.status, d.id as dispatch_id, d.event_id, e.created_at as emitted_at, e.idempotency_key, x.instance_id, d.retry_of,
    substr(e.traceparent, 4, 32) as trace_id
  from eventhub.executions x
  join eventhub.dispatches d on d.id = x.dispatch_id
  join eventhub.events e on e.id = d.event_id);--> statement-breakpoint
CREATE OR REPLACE VIEW "eventhub"."failed_dispatches" AS (
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id, substr(e.traceparent, 4, 32) as trace_id
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where d.status in ('failed', 'misconfigured'));--> statement-breakpoint
CREATE OR REPLACE VIEW "eventhub"."invalid_events" AS (
  select e.created_at as emitted_at, (e.invalid ->> 'refused')::boolean as refused, coalesce(e.payload ->> 'kind', e.payload ->> 'type') as kind,
    (select string_agg(f, '; ' order by n) from jsonb_array_elements_text(e.invalid -> 'faults') with ordinality as t(f, n)) as faults,
    e.id as event_id, e.payload, substr(e.traceparent, 4, 32) as trace_id
  from eventhub.events e where e.invalid is not null);--> statement-breakpoint
CREATE OR REPLACE VIEW "eventhub"."lost_dispatches" AS (
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id, substr(e.traceparent, 4, 32) as trace_id
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where d.status = 'lost');--> statement-breakpoint
CREATE OR REPLACE FUNCTION eventhub.expire_payloads(age interval, batch integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql AS $$
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
  update eventhub.events e set payload = null, invalid = null, baggage = null
  where e.id = any(old) and not exists (select from eventhub.dispatches d where d.event_id = e.id and d.status = 'ongoing');
  get diagnostics done = row_count;
  return done;
end $$;--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.traceparent IS 'W3C trace context: the span in which it was emitted. In SQL: set local eventhub.traceparent says that of the transaction.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.tracestate IS 'W3C tracestate that came with traceparent, handed on with it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.baggage IS 'W3C baggage given by the producer, handed on to every destination. Goes with the payload.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.expire_payloads IS 'Sets the payloads of one batch of events older than the age to null, with what was wrong with them and their baggage, oldest first, and gives their number. Never of events with an ongoing dispatch.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.failed_dispatches.trace_id IS 'The trace in which its event was emitted; null without one.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.lost_dispatches.trace_id IS 'The trace in which its event was emitted; null without one.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.trace_id IS 'The trace in which its event was emitted; null without one.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.trace_id IS 'The trace in which it was emitted; null without one.';