import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { cloudEventFault } from "../../../schema/payload/check-cloud-event.ts";
import type { NewEvent } from "../../../schema/queries/events/store-events.ts";
import { isLonger } from "../../../schema/text/unicode.ts";
import { readTrace, type TraceContext } from "../../../schema/trace/trace-context.ts";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../../../schema/vocabulary/limits.ts";
import type { CheckedOptions } from "./check-options.ts";

/** The fields that identify an event and its trace. */
export type Identity = Pick<NewEvent, "idempotencyKey" | "idempotencyIndex" | keyof TraceContext>;

/**
 * Key and trace context of one event of a call: those of the call, or otherwise a CloudEvent's own attributes.
 *
 * @throws EmitError `invalid_payload` if it should be a CloudEvent and is not
 */
export async function identify(
  payload: EventPayload,
  place: string,
  index: number,
  { idempotencyKey, trace, cloudEvents }: Pick<CheckedOptions, "idempotencyKey" | "trace" | "cloudEvents">,
): Promise<Identity> {
  if (!cloudEvents) return { idempotencyKey, idempotencyIndex: index, ...trace };
  const fault = cloudEventFault(payload);
  if (fault !== undefined) throw new EmitError("invalid_payload", `${place}${fault}`);
  const carried = trace.traceparent === undefined ? { ...traceOfCloudEvent(payload), ...trace } : trace;
  if (idempotencyKey !== undefined) return { idempotencyKey, idempotencyIndex: index, ...carried };
  return {
    idempotencyKey: await keyOf(String(payload.source), String(payload.id)),
    idempotencyIndex: 0,
    ...carried,
  };
}

/**
 * The trace context of a CloudEvent, as the extension for distributed tracing defines it.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md
 */
export function traceOfCloudEvent({ traceparent, tracestate }: EventPayload): TraceContext {
  const texts = {
    ...(typeof traceparent === "string" ? { traceparent } : {}),
    ...(typeof tracestate === "string" ? { tracestate } : {}),
  };
  return readTrace(texts).trace;
}

/**
 * The key of a CloudEvent: source and id, which identify it. A source has no spaces, so the two stay distinct. A key that would be too long is
 * hashed.
 */
async function keyOf(source: string, id: string): Promise<string> {
  const key = `${source} ${id}`;
  if (!isLonger(key, MAX_IDEMPOTENCY_KEY_LENGTH)) return key;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  return `cloudevent sha256 ${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
