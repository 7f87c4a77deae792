import { isCloudEvent, type StructuredCloudEvent } from "../schema/cloud-events.ts";
import type { EventPayload } from "../schema/contract.ts";

/** What says where an event comes from that was not emitted as a CloudEvent. */
export interface CloudEventOrigin {
  source: string;
  type: string;
}

/** What the hub knows of an event. */
export interface EventFacts {
  event_id: string;
  emitted_at: Date;
  traceparent: string | null;
}

/**
 * The CloudEvent that a destination gets: the payload itself if it is one; the event's own attributes around what a transform has made of it, if it
 * was emitted as one; else one that carries the payload as its data.
 * @param original the event's payload
 * @param payload what the transform has made of it, or the same
 */
export function toCloudEvent(
  original: EventPayload,
  payload: EventPayload,
  { event_id: id, emitted_at: emittedAt, traceparent }: EventFacts,
  { source, type }: CloudEventOrigin,
): StructuredCloudEvent {
  if (isCloudEvent(payload)) return payload;
  const content = { datacontenttype: "application/json", data: payload };
  if (isCloudEvent(original)) {
    // They describe the data that it had.
    const { data, data_base64, dataschema, ...attributes } = original;
    return { ...attributes, ...content } as StructuredCloudEvent;
  }
  const time = emittedAt.toISOString();
  const trace = traceparent === null ? {} : { traceparent };
  return { specversion: "1.0", id, source, type, time, ...trace, ...content };
}
