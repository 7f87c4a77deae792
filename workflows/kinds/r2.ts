import type { R2Bucket } from "@cloudflare/workers-types";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { complete } from "../outcome.ts";
import { contentType, type Kind } from "./kind.ts";

/**
 * An R2 bucket stores the payload as a JSON object. Its key sorts by the time of the event and names the dispatch, so a repeat overwrites it with the
 * same object.
 */
export const r2: Kind<DestinationOf<"r2">> = {
  span: { type: "send", kind: "client" },
  async call({ binding, destination }, { payload, context }) {
    const { emittedAt, dispatchId, eventId, attempt, traceparent } = context;
    const [date, time] = emittedAt.toISOString().split("T");
    const key = `${destination.prefix}${date?.replaceAll("-", "/")}/${time}-${dispatchId}.json`;
    await (binding as R2Bucket).put(key, JSON.stringify(payload), {
      httpMetadata: { contentType: contentType(destination.format) },
      customMetadata: {
        ...{ eventId, dispatchId, destination: context.destination, attempt: String(attempt) },
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    });
    return complete;
  },
};
