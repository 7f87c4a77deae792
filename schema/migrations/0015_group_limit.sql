ALTER TABLE "eventhub"."destinations" ADD COLUMN "group_limit" smallint;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "group_limited_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "eventhub"."destinations" ADD COLUMN "group_limited_by" text;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "group_limit" smallint;--> statement-breakpoint
UPDATE "eventhub"."dispatches" SET "group_limit" = 1 WHERE "id" = any (array(
  SELECT "id" FROM "eventhub"."dispatches" WHERE "status" = 'ongoing' AND "alone" ORDER BY "id" FOR NO KEY UPDATE));--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.group_limit IS 'How many dispatches, itself included, its next Workflow instance may have, because the platform refused a call or an executor died in a larger one; null: any number. A recorded attempt lifts the limit.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.alone IS 'Written by executors of versions before group_limit, and read by nobody else.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.group_limit IS 'How many of its dispatches may share a Workflow instance, for an hour from group_limited_at on. Then its groupSize is tried again. Null: no smaller limit was ever found.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.group_limited_at IS 'When that was found.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.destinations.group_limited_by IS 'What the platform said when it refused a call of a larger group; or slow: calls of a larger group took so long that the last would have waited for more than two seconds.';
