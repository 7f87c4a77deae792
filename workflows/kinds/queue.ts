import type { Queue } from "@cloudflare/workers-types";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { MAX_QUEUE_MESSAGE_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { complete, failed } from "../outcome.ts";
import type { Kind } from "./kind.ts";

/** A Queue of the user's own: the payload as a JSON message. Complete once the queue has it. */
export const queue: Kind<DestinationOf<"queue">> = {
  async call({ binding }, { payload }) {
    const bytes = new TextEncoder().encode(JSON.stringify(payload)).byteLength;
    if (bytes > MAX_QUEUE_MESSAGE_BYTES) {
      const reason = `the payload has ${bytes} bytes, and a Queue takes messages of ${MAX_QUEUE_MESSAGE_BYTES}`;
      return { ...failed(reason), retry: "terminal" };
    }
    await (binding as Queue<unknown>).send(payload, { contentType: "json" });
    return complete;
  },
};
