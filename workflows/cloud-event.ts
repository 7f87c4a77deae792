import type { EventPayload } from "../schema/contract/index.ts";
import { isCloudEvent, type StructuredCloudEvent } from "../schema/payload/check-cloud-event.ts";

/** The origin of an event that was not emitted as a CloudEvent. */
export interface CloudEventOrigin {
  source: string;
  type: string;
}

/** What the hub knows about an event. */
export interface EventFacts {
  event_id: string;
  emitted_at: Date;
  traceparent: string | null;
  tracestate: string | null;
  /** Whether it was emitted as a CloudEvent. Null for events saved before this was stored: then its form decides. */
  cloud_event: boolean | null;
}

/** The attributes that identify a CloudEvent. */
const IDENTITY = ["specversion", "source", "id", "type"] as const;

/**
 * Whether the destination's payload is a CloudEvent, and does not only look like one: its event was emitted as one, or a transform made it. A
 * transform that keeps the identity of the original payload has not made a CloudEvent.
 *
 * @param original The event's payload.
 * @param payload The result of the transform, or the same payload without one.
 */
export function carriesCloudEvent(
  original: EventPayload,
  payload: EventPayload,
  { cloud_event: emitted }: Pick<EventFacts, "cloud_event">,
): payload is StructuredCloudEvent {
  return isCloudEvent(payload) && (emitted !== false || IDENTITY.some((name) => payload[name] !== original[name]));
}

/**
 * The CloudEvent that a destination gets. It is the payload itself if that is one. If the event was emitted as a CloudEvent, its attributes enclose
 * the result of the transform. Otherwise, a new one carries the payload as its data.
 *
 * @param original The event's payload.
 * @param payload The result of the transform, or the same payload without one.
 */
export function toCloudEvent(
  original: EventPayload,
  payload: EventPayload,
  facts: EventFacts,
  { source, type }: CloudEventOrigin,
): StructuredCloudEvent {
  const { event_id: id, emitted_at: emittedAt, traceparent, tracestate } = facts;
  if (carriesCloudEvent(original, payload, facts)) return payload;
  const content = { datacontenttype: "application/json", data: payload };
  if (carriesCloudEvent(original, original, facts)) {
    // Left out, since they describe the original data.
    const { data, data_base64, dataschema, ...attributes } = original;
    return { ...attributes, ...content } as StructuredCloudEvent;
  }
  const time = emittedAt.toISOString();
  // The extension defines this as the trace in which the event was emitted, however many hops follow.
  const trace = {
    ...(traceparent === null ? {} : { traceparent }),
    ...(tracestate === null ? {} : { tracestate }),
  };
  return { specversion: "1.0", id, source, type, time, ...trace, ...content };
}
