CREATE VIEW "eventhub"."unmatched_events" AS (
  select e.created_at as emitted_at, coalesce(e.payload ->> 'kind', e.payload ->> 'type') as kind, e.id as event_id, e.idempotency_key, e.payload
  from eventhub.events e
  where e.routed and (e.invalid ->> 'refused') is distinct from 'true'
    and not exists (select from eventhub.dispatches d where d.event_id = e.id));--> statement-breakpoint
COMMENT ON VIEW eventhub.unmatched_events IS 'Events that matched no route, and were not replayed to one since. Newest: select * from eventhub.unmatched_events order by event_id desc limit 20. Refused events are in invalid_events instead, as long as their payload is kept.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.unmatched_events.emitted_at IS 'When the event was saved.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.unmatched_events.kind IS 'The kind or type member of its payload.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.unmatched_events.event_id IS 'Its id.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.unmatched_events.idempotency_key IS 'As in events.idempotency_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.unmatched_events.payload IS 'As in events.payload.';--> statement-breakpoint
COMMENT ON SCHEMA eventhub IS 'cf-eventhub: events, their dispatches and the record of every execution. Start with the views: failed_dispatches, lost_dispatches, overdue_dispatches, waiting_dispatches, unmatched_events, invalid_events, flow, flow_orders, destination_health, dispatch_timeline.';
