CREATE SCHEMA "eventhub";
--> statement-breakpoint
CREATE TABLE "eventhub"."destinations" (
	"name" text PRIMARY KEY NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"pause_reason" text
);
--> statement-breakpoint
CREATE TABLE "eventhub"."dispatches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"event_id" uuid NOT NULL,
	"destination" text NOT NULL,
	"route" text NOT NULL,
	"max_retries" integer NOT NULL,
	"retry_delay" jsonb NOT NULL,
	"timeout_seconds" integer NOT NULL,
	"status" text DEFAULT 'ongoing' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"workflow" text,
	"instance_id" text,
	"claim" uuid,
	"claims" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"enqueued_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"enqueues" integer DEFAULT 1 NOT NULL,
	"nudges" integer DEFAULT 0 NOT NULL,
	"missing_since" timestamp (3) with time zone,
	"fruitless_generations" integer DEFAULT 0 NOT NULL,
	"alone" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"resulted_at" timestamp (3) with time zone,
	"reason" text,
	"retry_of" uuid,
	CONSTRAINT "dispatches_status" CHECK (status in ('ongoing', 'complete', 'ignored', 'failed', 'misconfigured', 'lost', 'cancelled')),
	CONSTRAINT "dispatches_resulted" CHECK ((status = 'ongoing') = (resulted_at is null)),
	CONSTRAINT "dispatches_max_retries" CHECK (max_retries between 0 and 1000),
	CONSTRAINT "dispatches_not_negative" CHECK (timeout_seconds > 0 and generation >= 0 and claims >= 0 and attempts >= 0 and enqueues >= 0 and nudges >= 0
          and fruitless_generations >= 0)
);
--> statement-breakpoint
CREATE TABLE "eventhub"."events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payload" jsonb,
	"payload_bytes" integer NOT NULL,
	"idempotency_key" text,
	"idempotency_index" integer DEFAULT 0 NOT NULL,
	"traceparent" text,
	"hops" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_idempotency_key" UNIQUE("idempotency_key","idempotency_index"),
	CONSTRAINT "events_not_negative" CHECK (payload_bytes >= 0 and idempotency_index >= 0 and hops >= 0)
);
--> statement-breakpoint
CREATE TABLE "eventhub"."executions" (
	"dispatch_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"result" text NOT NULL,
	"reason" text,
	"instance_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "executions_dispatch_id_attempt_pk" PRIMARY KEY("dispatch_id","attempt"),
	CONSTRAINT "executions_result" CHECK (result in ('complete', 'ignored', 'failed', 'misconfigured')),
	CONSTRAINT "executions_attempt" CHECK (attempt > 0)
);
--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "dispatches_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "eventhub"."events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "dispatches_retry_of_dispatches_id_fk" FOREIGN KEY ("retry_of") REFERENCES "eventhub"."dispatches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eventhub"."executions" ADD CONSTRAINT "executions_dispatch_id_dispatches_id_fk" FOREIGN KEY ("dispatch_id") REFERENCES "eventhub"."dispatches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dispatches_event_id" ON "eventhub"."dispatches" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "dispatches_retry_of" ON "eventhub"."dispatches" USING btree ("retry_of") WHERE retry_of is not null;--> statement-breakpoint
CREATE INDEX "dispatches_overdue" ON "eventhub"."dispatches" USING btree ("next_attempt_at") WHERE status = 'ongoing';--> statement-breakpoint
CREATE INDEX "dispatches_unhappy" ON "eventhub"."dispatches" USING btree ("status","resulted_at") WHERE status in ('failed', 'misconfigured', 'lost');--> statement-breakpoint
CREATE VIEW "eventhub"."failed_dispatches" AS (
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where d.status in ('failed', 'misconfigured'));--> statement-breakpoint
CREATE VIEW "eventhub"."lost_dispatches" AS (
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where d.status = 'lost');