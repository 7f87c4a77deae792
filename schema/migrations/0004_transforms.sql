ALTER TABLE "eventhub"."dispatches" ADD COLUMN "transformed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.transformed IS 'Its route had a transform when it was saved: without that route the payload is not delivered as it is.';
