import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { format, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("queue"), ...shared, format }),
  v.description("a Queue binding"),
);

/** A Queue of the user's own. */
export const queue = {
  schema,
  binding: { class: "WorkerQueue", what: "a Queue", pulumi: "queue", wrangler: "queues.producers" },
  target: {
    /** Name of the Queue. */
    queue: { is: "name", pulumi: "queueName", wrangler: "queue" },
  },
} as const satisfies DestinationKind<"queue">;
