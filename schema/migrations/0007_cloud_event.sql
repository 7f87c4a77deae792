-- Two statements: what is saved already stays null, which means by its looks, as it was until now.
ALTER TABLE "eventhub"."events" ADD COLUMN "cloud_event" boolean;--> statement-breakpoint
ALTER TABLE "eventhub"."events" ALTER COLUMN "cloud_event" SET DEFAULT false;--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.cloud_event IS 'It was emitted as a CloudEvent. Null in events from before this was kept: they are taken for what they look like.';
