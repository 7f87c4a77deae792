-- concurrently
-- An event without an idempotency key has no entry in the index of keys. The constraint goes only when its successor is there.
CREATE UNIQUE INDEX "events_key" ON "eventhub"."events" USING btree ("idempotency_key","idempotency_index") WHERE idempotency_key is not null;--> statement-breakpoint
ALTER TABLE "eventhub"."events" DROP CONSTRAINT "events_idempotency_key";--> statement-breakpoint
-- A claim writes more than the dispatch had when it was stored: beside 45 % every tenth claim found no room on the page, and changed all indexes.
ALTER TABLE eventhub.dispatches SET (fillfactor = 36);
