-- What drizzle-kit cannot say: comments for the people who read these tables, and storage settings.

COMMENT ON SCHEMA eventhub IS 'cf-eventhub: events, their dispatches and the record of every execution. Start with the views failed_dispatches and lost_dispatches.';--> statement-breakpoint

COMMENT ON TABLE eventhub.events IS 'What producers emitted. Written once, with its dispatches, in one transaction.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.id IS 'UUIDv7, made by the hub: sorts by time.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.payload IS 'The JSON object that was emitted, or null once its retention has passed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.payload_bytes IS 'Size of the payload as UTF-8 JSON when it was emitted.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.idempotency_key IS 'The producer''s idempotencyKey, or null. Unique together with idempotency_index.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.idempotency_index IS 'Position of the payload in the emit() call.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.traceparent IS 'W3C trace context given by the producer, handed on to consumers.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.hops IS 'How many hubs the event had passed when it came here; a loop of hubs ends by this.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.created_at IS 'When it was saved, by the database''s clock.';--> statement-breakpoint

COMMENT ON TABLE eventhub.dispatches IS 'One delivery of one event to one destination. A status other than ongoing is final.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.id IS 'UUIDv7, made by the hub; the consumer''s idempotencyKey.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.destination IS 'Name of the executor''s binding.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.route IS 'The route that matched: its name, or its place in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.max_retries IS 'Retries after the first attempt (0 to 1,000).';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.retry_delay IS 'Wait between attempts, in seconds: {"type":"constant","interval"} or {"type":"exponential","base","max"}.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.timeout_seconds IS 'An attempt that takes longer has failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.status IS 'ongoing; complete, ignored or failed by the consumer''s word; misconfigured (no such binding or method); lost (no attempt could be made for long); cancelled by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.generation IS 'Counts handings over from one Workflow instance to another; an instance of an older generation stops quietly.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.workflow IS 'The Workflow binding that instance_id belongs to.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.instance_id IS 'The Workflow instance that owns this dispatch, from its first claim on.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.claim IS 'Token of the running attempt; a result counts under its claim.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.claims IS 'Claims since the last recorded attempt; after five without a record the attempt counts as failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.lease_until IS 'Until then whoever claimed it may be at work; after a nudge, the moment of the nudge.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.attempts IS 'Recorded attempts.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.next_attempt_at IS 'No attempt before this moment.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.enqueued_at IS 'When a queue message for it was last sent.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.enqueues IS 'How often it was enqueued in this generation without a claim; the wait before the next time doubles with each.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.nudges IS 'How often reconciling has woken its instance since the last claim.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.missing_since IS 'When the Workflow engine first said that it does not know the instance.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.fruitless_generations IS 'Generations in a row that ended without a recorded attempt; see lost.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.alone IS 'It gets a Workflow instance of its own, since one that it shared has died.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.resulted_at IS 'When it got its final status.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.reason IS 'Why it has its status; while ongoing, why the last attempt failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.retry_of IS 'The dispatch that this one retries by hand.';--> statement-breakpoint

COMMENT ON TABLE eventhub.executions IS 'One attempt of one dispatch: what the Workflow''s own history says, mirrored.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.attempt IS 'From 1.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.result IS 'complete, ignored, failed or misconfigured.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.reason IS 'The consumer''s reason, the error it threw, or ours.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.instance_id IS 'The Workflow instance that made the call.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.started_at IS 'When the call began, by the executor''s clock.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.finished_at IS 'When it was answered or timed out, by the executor''s clock.';--> statement-breakpoint

COMMENT ON TABLE eventhub.destinations IS 'State of destinations. One without a row is not paused.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.paused_at IS 'While set, its dispatches are held: no attempts, no retries used up.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.pause_reason IS 'Why it is paused, for people.';--> statement-breakpoint

COMMENT ON VIEW eventhub.failed_dispatches IS 'What failed for good, and why. Newest: select * from eventhub.failed_dispatches order by resulted_at desc limit 20.';--> statement-breakpoint
COMMENT ON VIEW eventhub.lost_dispatches IS 'What the executor gave up on without the consumer''s word.';--> statement-breakpoint

-- Room on each page for the two updates of a usual life, so that they stay HOT; and vacuum early, since every row is updated at least twice.
ALTER TABLE eventhub.dispatches SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
