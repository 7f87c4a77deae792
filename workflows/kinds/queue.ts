import type { Queue } from "@cloudflare/workers-types";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { MAX_QUEUE_MESSAGE_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { complete, failed } from "../outcome.ts";
import type { Kind } from "./kind.ts";
import { messageOf } from "./message.ts";

/** A Queue of the user gets the payload as a JSON message, with its context if the format says so. Complete once the queue has it. */
export const queue: Kind<DestinationOf<"queue">> = {
  span: { type: "send", kind: "client" },
  async call({ binding, destination: { format } }, item) {
    const message = messageOf(format, item);
    const bytes = new TextEncoder().encode(JSON.stringify(message)).byteLength;
    if (bytes > MAX_QUEUE_MESSAGE_BYTES) {
      const reason = `the ${format === "context" ? "message" : "payload"} has ${bytes} bytes, but a Queue takes messages of ${MAX_QUEUE_MESSAGE_BYTES}`;
      return { ...failed(reason), retry: "terminal" };
    }
    await (binding as Queue<unknown>).send(message, { contentType: "json" });
    return complete;
  },
};
