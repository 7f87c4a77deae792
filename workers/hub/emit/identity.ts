import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { cloudEventFault } from "../../../schema/payload/cloud-event.ts";
import type { NewEvent } from "../../../schema/queries/events/store-events.ts";
import { isLonger } from "../../../schema/text/unicode.ts";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { type CheckedOptions, isTraceparent } from "./options.ts";

/** By what an event is known, and traced. */
export type Identity = Pick<NewEvent, "idempotencyKey" | "idempotencyIndex" | "traceparent">;

/**
 * Key and trace context of one event of a call: by the call's options, else, of a CloudEvent, by its own attributes.
 * @throws EmitError `invalid_payload` if it should be a CloudEvent and is none
 */
export async function identify(
  payload: EventPayload,
  place: string,
  index: number,
  { idempotencyKey, traceparent, cloudEvents }: CheckedOptions,
): Promise<Identity> {
  if (!cloudEvents) return { idempotencyKey, idempotencyIndex: index, traceparent };
  const fault = cloudEventFault(payload);
  if (fault !== undefined) throw new EmitError("invalid_payload", `${place}${fault}`);
  const trace = traceparent ?? (isTraceparent(payload.traceparent) ? payload.traceparent : undefined);
  if (idempotencyKey !== undefined) return { idempotencyKey, idempotencyIndex: index, traceparent: trace };
  return {
    idempotencyKey: await keyOf(String(payload.source), String(payload.id)),
    idempotencyIndex: 0,
    traceparent: trace,
  };
}

/** Source and id name an event. A source has no spaces, so that the two are told apart; what is too long for a key is hashed. */
async function keyOf(source: string, id: string): Promise<string> {
  const key = `${source} ${id}`;
  if (!isLonger(key, MAX_IDEMPOTENCY_KEY_LENGTH)) return key;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  return `cloudevent sha256 ${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
