import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { messageFormat, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("queue"), ...shared, format: messageFormat }),
  v.description("a Queue binding"),
);

/** A Queue of the user. */
export const queue = {
  summary: "A Queue that gets each payload as a message.",
  schema,
  binding: { class: "WorkerQueue", method: "send", what: "a Queue", pulumi: "queue", wrangler: "queues.producers" },
  target: {
    /** The name of the Queue. */
    queue: { is: "name", pulumi: "queueName", wrangler: "queue" },
  },
} as const satisfies DestinationKind<"queue">;
