-- The comments of earlier migrations, in plain English. Views repeat the comments of the columns that they take from tables.
COMMENT ON TABLE eventhub.events IS 'The events that producers emitted. Each is written once, in one transaction with its dispatches.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.id IS 'UUIDv7, made by the hub; sorts by time.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.payload_bytes IS 'The size of the payload in UTF-8 JSON when it was emitted.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.idempotency_index IS 'The position of the payload in the call of emit().';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.hops IS 'How many hops the event is from the first of its chain. A hop is a hub that it has passed, or an event that caused it. The limit of hops ends a cycle.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.caused_by IS 'The event whose consumer emitted this one with its context, or that another hub passed on (with its id there). It is not a foreign key, since retention may have removed that event.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.own IS 'Whether the hub itself emitted it: its payload.kind begins with eventhub., which no producer may use. Routes select such events with "from": "hub".';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.routed IS 'Whether the hub has made its dispatches. False for an event that was emitted in SQL until then.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.cloud_event IS 'Whether it was emitted as a CloudEvent. Null in events that are older than this column: their form decides.';--> statement-breakpoint
COMMENT ON TABLE eventhub.dispatches IS 'The dispatches: each delivers one event to one destination. Every status but ongoing is final.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.destination IS 'The name of the executor''s binding; for a webhook, of its entry in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.timeout_seconds IS 'An attempt that takes longer counts as failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.status IS 'ongoing; complete, ignored or failed, as the destination answered; misconfigured (the binding, its method or the transform is at fault); lost (no attempt could be recorded for a long time); cancelled by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.generation IS 'The number of the Workflow instance that the dispatch belongs to. Each replacement counts it up, and an instance with an older number stops silently.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.claim IS 'The token of the attempt in flight. A result counts only under its claim.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.claims IS 'The number of claims since the last recorded attempt. After five without a record, the attempt counts as failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.lease_until IS 'Until then, whoever claimed the dispatch may be at work. After a nudge, the time of the nudge.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.attempts IS 'The number of recorded attempts.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.next_attempt_at IS 'When the next attempt is due, or when the last one was due.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.enqueues IS 'How often it was enqueued in this generation without a claim. The wait before the next time doubles with each.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.missing_since IS 'When the Workflow engine first answered that it does not know the instance.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.fruitless_generations IS 'The number of generations in a row without a recorded attempt. After five, the dispatch may become lost.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.retry_of IS 'The dispatch that this manual retry repeats. Each dispatch is retried only once: to repeat it again, retry the retry.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.operation_id IS 'The operation that made this dispatch: a retry or a replay.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.transformed IS 'Whether its route had a transform when it was saved. If that route is gone, the payload is not delivered untransformed.';--> statement-breakpoint
COMMENT ON TABLE eventhub.executions IS 'The recorded attempts of dispatches.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.attempt IS 'The number of the attempt, from 1.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.started_at IS 'When the call began, by the database''s clock: the time of the claim, plus the time that the executor measured since.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.executions.finished_at IS 'When the call was answered or timed out, by the database''s clock. It may have been recorded later.';--> statement-breakpoint
COMMENT ON TABLE eventhub.destinations IS 'The state of destinations. A destination without a row is not paused.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.paused_at IS 'Since when the destination is paused. Until it is resumed, its dispatches are held: there are no attempts, and no retries are used up.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.paused_by IS 'operator or breaker. The breaker resumes only what it has paused itself.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.resumed_at IS 'When it was last resumed. The breaker ignores calls that began before.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.drain_from IS 'When it was resumed, as long as dispatches that were held until then are still being enqueued, oldest first.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.drained_at IS 'Up to when the drain has given due times to held dispatches. Those of the next minutes are in next_attempt_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_at IS 'When the breaker lets the next probe through.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_dispatch IS 'The dispatch that the breaker has let through as its probe.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probe_attempt IS 'The number of its recorded attempts at that time. One more is the answer to the probe.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.probed_at IS 'When the probe was let through.';--> statement-breakpoint
COMMENT ON TABLE eventhub.operations IS 'All actions of operators and of the circuit breaker: who did what.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.actor IS 'Who acted: the name that the caller gave, or breaker.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.arguments IS 'The filter and options of the action.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.position IS 'The last dispatch or event that bulk work has processed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.affected IS 'Dispatches that it has made, cancelled or held so far.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.created_at IS 'When it began. Bulk work ignores whatever was created later.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.operations.updated_at IS 'When it was last advanced, or last tried in vain.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.at IS 'When; initially, when this table was made.';--> statement-breakpoint
COMMENT ON VIEW eventhub.lost_dispatches IS 'Dispatches that the executor gave up without an answer from the destination.';--> statement-breakpoint
COMMENT ON VIEW eventhub.failed_dispatches IS 'Dispatches that failed for good, and why. The newest: select * from eventhub.failed_dispatches order by resulted_at desc limit 20.';--> statement-breakpoint
COMMENT ON VIEW eventhub.destination_health IS 'The health of each destination in the last hour and the last day: its results, its success rate, and the milliseconds from when the last attempt was due to its result. Also what is ongoing now.';--> statement-breakpoint
COMMENT ON VIEW eventhub.dispatch_timeline IS 'One row per execution, with its event and destination. For one event: select * from eventhub.dispatch_timeline where event_id = ''...'' order by started_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.destination IS 'The name of the destination. A destination is not listed if it had no result for a day, has nothing ongoing and was never paused.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.success_rate IS 'The share of complete and ignored in everything that ended without an operator, 0 to 1; null if nothing did.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p50_ms IS 'Milliseconds from when the last attempt was due to its result. Half of the called dispatches took no longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p95_ms IS 'Like p50_ms, but 95 of 100 took no longer.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.p99_ms IS 'Like p50_ms, but 99 of 100 took no longer.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.uuid_at IS 'The lowest UUIDv7 of a moment: ids that are made from then on are not lower.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.emit IS 'Emits an event in the caller''s transaction, and returns its id. The event exists once the transaction commits, and the hub routes it within a minute. If the idempotency key was used before, returns the id of the event that was stored first.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.tell_result IS 'The trigger function for dispatches that failed, were misconfigured or lost. Skips dispatches of the hub''s own events, which would make a loop.';--> statement-breakpoint
COMMENT ON FUNCTION eventhub.tell_pause IS 'The trigger function for destinations that were paused or resumed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destination_health.paused_at IS 'Since when the destination is paused. Until it is resumed, its dispatches are held: there are no attempts, and no retries are used up.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.started_at IS 'When the call began, by the database''s clock: the time of the claim, plus the time that the executor measured since.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.finished_at IS 'When the call was answered or timed out, by the database''s clock. It may have been recorded later.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.attempt IS 'The number of the attempt, from 1.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.destination IS 'The name of the executor''s binding; for a webhook, of its entry in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.status IS 'ongoing; complete, ignored or failed, as the destination answered; misconfigured (the binding, its method or the transform is at fault); lost (no attempt could be recorded for a long time); cancelled by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatch_timeline.retry_of IS 'The dispatch that this manual retry repeats. Each dispatch is retried only once: to repeat it again, retry the retry.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.failed_dispatches.status IS 'ongoing; complete, ignored or failed, as the destination answered; misconfigured (the binding, its method or the transform is at fault); lost (no attempt could be recorded for a long time); cancelled by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.failed_dispatches.destination IS 'The name of the executor''s binding; for a webhook, of its entry in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.failed_dispatches.attempts IS 'The number of recorded attempts.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.destination IS 'The name of the executor''s binding; for a webhook, of its entry in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.attempts IS 'The number of recorded attempts.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.generation IS 'The number of the Workflow instance that the dispatch belongs to. Each replacement counts it up, and an instance with an older number stops silently.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.enqueues IS 'How often it was enqueued in this generation without a claim. The wait before the next time doubles with each.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.missing_since IS 'When the Workflow engine first answered that it does not know the instance.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.next_attempt_at IS 'When the next attempt is due, or when the last one was due.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.overdue_dispatches.lease_until IS 'Until then, whoever claimed the dispatch may be at work. After a nudge, the time of the nudge.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.lost_dispatches.status IS 'ongoing; complete, ignored or failed, as the destination answered; misconfigured (the binding, its method or the transform is at fault); lost (no attempt could be recorded for a long time); cancelled by an operator.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.lost_dispatches.destination IS 'The name of the executor''s binding; for a webhook, of its entry in the configuration.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.lost_dispatches.attempts IS 'The number of recorded attempts.';
