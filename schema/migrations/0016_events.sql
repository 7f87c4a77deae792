-- concurrently
ALTER TABLE "eventhub"."events" ADD COLUMN "invalid" jsonb;--> statement-breakpoint
CREATE INDEX "events_invalid" ON "eventhub"."events" USING btree ("id") WHERE invalid is not null;--> statement-breakpoint
CREATE VIEW "eventhub"."invalid_events" AS (
  select e.created_at as emitted_at, (e.invalid ->> 'refused')::boolean as refused, coalesce(e.payload ->> 'kind', e.payload ->> 'type') as kind,
    (select string_agg(f, '; ' order by n) from jsonb_array_elements_text(e.invalid -> 'faults') with ordinality as t(f, n)) as faults,
    e.id as event_id, e.payload
  from eventhub.events e where e.invalid is not null);--> statement-breakpoint
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
  update eventhub.events e set payload = null, invalid = null
  where e.id = any(old) and not exists (select from eventhub.dispatches d where d.event_id = e.id and d.status = 'ongoing');
  get diagnostics done = row_count;
  return done;
end $$;--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.invalid IS 'Its faults by the definition of its kind: {"refused": true if it was emitted in SQL and makes no dispatches, "faults": [...]}; null if it has none or was not checked. Removed together with the payload.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.expire_payloads IS 'Sets the payloads of one batch of events older than the age to null, and what was wrong with them, oldest first, and gives their number. Never of events with an ongoing dispatch.';--> statement-breakpoint
COMMENT ON VIEW eventhub.invalid_events IS 'Events that do not match the definition of their kind: stored with a warning, or emitted in SQL and refused. Once the definition is corrected, a replay with the current routing delivers what was refused.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.emitted_at IS 'When the event was saved.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.refused IS 'Whether it was refused and makes no dispatches; otherwise it was delivered all the same.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.kind IS 'The kind or type member of its payload.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.faults IS 'Each with its place in the payload.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.event_id IS 'Its id.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.invalid_events.payload IS 'As in events.payload.';--> statement-breakpoint
COMMENT ON SCHEMA eventhub IS 'cf-eventhub: events, their dispatches and the record of every execution. Start with the views: failed_dispatches, lost_dispatches, overdue_dispatches, waiting_dispatches, invalid_events, flow, flow_orders, destination_health, dispatch_timeline.';