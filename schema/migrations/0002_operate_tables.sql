CREATE TABLE "eventhub"."operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"arguments" jsonb NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"position" uuid,
	"examined" integer DEFAULT 0 NOT NULL,
	"affected" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "operations_action" CHECK (action in ('retry_dispatch', 'retry_dispatches', 'replay_events', 'cancel_dispatch', 'cancel_dispatches', 'pause_destination', 'resume_destination')),
	CONSTRAINT "operations_state" CHECK (state in ('running', 'finished')),
	CONSTRAINT "operations_finished" CHECK ((state = 'running') = (finished_at is null))
);
--> statement-breakpoint
DROP INDEX "eventhub"."dispatches_retry_of";--> statement-breakpoint
DROP INDEX "eventhub"."dispatches_unhappy";--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "paused_by" text;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "resumed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "drain_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "drained_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "probe_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "probe_dispatch" uuid;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "probe_attempt" integer;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "probed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "operation_id" uuid;--> statement-breakpoint
ALTER TABLE "eventhub"."events" ADD COLUMN "own" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "eventhub"."events" ADD COLUMN "routed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "operations_running" ON "eventhub"."operations" USING btree ("id") WHERE state = 'running';--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "dispatches_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "eventhub"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dispatches_operation_id" ON "eventhub"."dispatches" USING btree ("operation_id","id") WHERE operation_id is not null;--> statement-breakpoint
CREATE INDEX "dispatches_destination" ON "eventhub"."dispatches" USING btree ("destination","id");--> statement-breakpoint
CREATE INDEX "dispatches_status_id" ON "eventhub"."dispatches" USING btree ("status","id") WHERE status <> 'complete';--> statement-breakpoint
CREATE INDEX "dispatches_resulted" ON "eventhub"."dispatches" USING btree ("resulted_at","destination","status") WHERE resulted_at is not null;--> statement-breakpoint
CREATE INDEX "events_unrouted" ON "eventhub"."events" USING btree ("id") WHERE not routed;--> statement-breakpoint
CREATE INDEX "events_with_payload" ON "eventhub"."events" USING btree ("id") WHERE payload is not null;--> statement-breakpoint
CREATE INDEX "executions_finished_at" ON "eventhub"."executions" USING btree ("finished_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dispatches_retry_of" ON "eventhub"."dispatches" USING btree ("retry_of") WHERE retry_of is not null;--> statement-breakpoint
CREATE INDEX "dispatches_unhappy" ON "eventhub"."dispatches" USING btree ("resulted_at","status") WHERE status in ('failed', 'misconfigured', 'lost');--> statement-breakpoint
CREATE VIEW "eventhub"."destination_health" AS (
  with resulted as (
    select d.destination, d.status, d.resulted_at,
      case when d.status in ('complete', 'ignored', 'failed', 'misconfigured')
        then extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 end as ms
    from eventhub.dispatches d
    where d.resulted_at >= now() - interval '1 day'
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
    from (values ('hour', interval '1 hour'), ('day', interval '1 day')) as p(period, length)
    join resulted r on r.resulted_at >= now() - p.length
    group by r.destination, p.period
  ), known as (
    select destination from resulted union select destination from waiting union select name from eventhub.destinations
  )
  select k.destination, p.period,
    round((c.complete + c.ignored)::numeric
      / nullif(c.complete + c.ignored + c.failed + c.misconfigured + c.lost, 0), 4) as success_rate,
    coalesce(c.complete, 0) as complete, coalesce(c.ignored, 0) as ignored, coalesce(c.failed, 0) as failed,
    coalesce(c.misconfigured, 0) as misconfigured, coalesce(c.lost, 0) as lost, coalesce(c.cancelled, 0) as cancelled,
    round(c.ms[1])::int as p50_ms, round(c.ms[2])::int as p95_ms, round(c.ms[3])::int as p99_ms,
    coalesce(w.ongoing, 0) as ongoing, w.oldest_ongoing, s.paused_at
  from known k
  cross join (values ('hour'), ('day')) as p(period)
  left join counted c on c.destination = k.destination and c.period = p.period
  left join waiting w on w.destination = k.destination
  left join eventhub.destinations s on s.name = k.destination);--> statement-breakpoint
CREATE VIEW "eventhub"."dispatch_timeline" AS (
  select x.started_at, x.finished_at, x.finished_at - x.started_at as took, x.attempt, x.result, x.reason, d.destination, d.route,
    d.status, d.id as dispatch_id, d.event_id, e.created_at as emitted_at, e.idempotency_key, x.instance_id, d.retry_of
  from eventhub.executions x
  join eventhub.dispatches d on d.id = x.dispatch_id
  join eventhub.events e on e.id = d.event_id);--> statement-breakpoint
CREATE VIEW "eventhub"."overdue_dispatches" AS (
  select now() - d.next_attempt_at as overdue_by, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    d.workflow, d.instance_id, d.generation, d.enqueues, d.nudges, d.missing_since, d.next_attempt_at, d.lease_until
  from eventhub.dispatches d
  where d.status = 'ongoing' and d.next_attempt_at < now() - interval '1 minute'
    and (d.lease_until is null or d.lease_until < now())
    and not exists (select from eventhub.destinations p where p.name = d.destination and p.paused_at is not null));