-- concurrently
ALTER TABLE "eventhub"."events" ADD COLUMN "caused_by" uuid;--> statement-breakpoint
CREATE INDEX "events_caused_by" ON "eventhub"."events" USING btree ("caused_by","id") WHERE caused_by is not null;--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.caused_by IS 'The event whose consumer emitted this one with its context, or that another hub handed on (its id there); no key, since retention may have removed it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.hops IS 'How far it is from the first of its chain: a hop is a hub that it has passed, or an event that caused it; a circle ends by this.';
