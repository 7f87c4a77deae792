CREATE INDEX "dispatches_ongoing" ON "eventhub"."dispatches" USING btree ("destination","next_attempt_at") WHERE status = 'ongoing';--> statement-breakpoint
DROP INDEX "eventhub"."dispatches_overdue";
