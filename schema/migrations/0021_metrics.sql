CREATE TABLE "eventhub"."metric_counts" (
	"metric" text NOT NULL,
	"destination" text DEFAULT '' NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"value" double precision DEFAULT 0 NOT NULL,
	"buckets" double precision[],
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "metric_counts_metric_destination_label_pk" PRIMARY KEY("metric","destination","label")
);
--> statement-breakpoint
CREATE TABLE "eventhub"."metric_marks" (
	"name" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "next_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "finished_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "took_ms" integer;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "found" jsonb;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "version" text;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "migration" text;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "configuration" text;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "deployed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."heartbeats" ADD COLUMN "skew_ms" integer;--> statement-breakpoint
ALTER TABLE eventhub.metric_counts SET (fillfactor = 50);--> statement-breakpoint
INSERT INTO eventhub.metric_marks (name) VALUES ('counted');--> statement-breakpoint
COMMENT ON TABLE eventhub.heartbeats IS 'When each part of the hub last worked, on what, and what its last run found. So a part that was forgotten in a deployment is noticed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.next_at IS 'When the next run of its cron is due; null if that cannot be told of its cron expression. Of hub and executor, as all that follows.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.finished_at IS 'When its last run ended that came to an end; at is when the last one began.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.took_ms IS 'How long that run took, in milliseconds.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.found IS 'What that run did, by name; failed has the parts of it that failed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.version IS 'The version of the package that its Worker runs.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.migration IS 'The newest migration that its code knows.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.configuration IS 'A hash of its route configuration; null if that is faulty.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.deployed_at IS 'Since when version and configuration are these.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.skew_ms IS 'By how much the database''s clock is before the Worker''s, in milliseconds, with the way of the statement.';--> statement-breakpoint
COMMENT ON TABLE eventhub.metric_counts IS 'What the counters and histograms of GET /metrics have counted so far. Each scrape continues from metric_marks, so rows of events may be removed in the meantime.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.metric IS 'The family of metrics.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.destination IS 'The destination; empty if the metric has none.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.label IS 'The value of its other label, such as the status; empty if it has none.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.value IS 'The count; for a histogram the sum, in seconds.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.buckets IS 'For a histogram: how many are up to each bound, then all.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_counts.since IS 'When counting began.';--> statement-breakpoint
COMMENT ON TABLE eventhub.metric_marks IS 'One row: the moment up to which metric_counts has counted.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_marks.name IS 'counted.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.metric_marks.at IS 'The moment up to which everything is counted, and nothing later.';
