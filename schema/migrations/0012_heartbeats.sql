CREATE TABLE "eventhub"."heartbeats" (
	"name" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
INSERT INTO "eventhub"."heartbeats" ("name") VALUES ('hub'), ('executor'), ('queue'), ('resent');--> statement-breakpoint
COMMENT ON TABLE eventhub.heartbeats IS 'When the parts of the hub were last at work: what was forgotten in a deployment says nothing itself.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.name IS 'hub and executor: the run of its cron; queue: the executor took a message that had been sent again; resent: since when that is waited for.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.heartbeats.at IS 'When; at first, when this table was made.';
