import type { EventPayload } from "../schema/contract/index.ts";
import { isCloudEvent, type StructuredCloudEvent } from "../schema/payload/cloud-event.ts";

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
  /** It was emitted as a CloudEvent. Null, of events saved before that was kept: by its looks. */
  cloud_event: boolean | null;
}

/** What names a CloudEvent. */
const IDENTITY = ["specversion", "source", "id", "type"] as const;

/**
 * True if what a destination gets is a CloudEvent, and does not only look like one: its event was emitted as one, or a transform has made it. What
 * a transform hands on under the identity that the payload came with, it has not made.
 * @param original the event's payload
 * @param payload what the transform has made of it, or the same
 */
export function carriesCloudEvent(
  original: EventPayload,
  payload: EventPayload,
  { cloud_event: emitted }: Pick<EventFacts, "cloud_event">,
): payload is StructuredCloudEvent {
  return isCloudEvent(payload) && (emitted !== false || IDENTITY.some((name) => payload[name] !== original[name]));
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
  facts: EventFacts,
  { source, type }: CloudEventOrigin,
): StructuredCloudEvent {
  const { event_id: id, emitted_at: emittedAt, traceparent } = facts;
  if (carriesCloudEvent(original, payload, facts)) return payload;
  const content = { datacontenttype: "application/json", data: payload };
  if (carriesCloudEvent(original, original, facts)) {
    // They describe the data that it had.
    const { data, data_base64, dataschema, ...attributes } = original;
    return { ...attributes, ...content } as StructuredCloudEvent;
  }
  const time = emittedAt.toISOString();
  const trace = traceparent === null ? {} : { traceparent };
  return { specversion: "1.0", id, source, type, time, ...trace, ...content };
}
