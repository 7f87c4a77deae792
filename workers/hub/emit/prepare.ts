import { v7 as uuidv7 } from "uuid";
import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { type EncodedPayload, encodePayload, isPlainObject } from "../../../schema/payload/encode.ts";
import type { NewDispatch, NewEvent } from "../../../schema/queries/events/store-events.ts";
import type { TraceContext } from "../../../schema/trace/trace-context.ts";
import { hasOwnKind } from "../../../schema/vocabulary/event-origins.ts";
import {
  MAX_CALL_BYTES,
  MAX_CALL_VALUES,
  MAX_DISPATCHES_PER_CALL,
  MAX_EVENTS_PER_CALL,
} from "../../../schema/vocabulary/limits.ts";
import type { EventChecker } from "../events/checker.ts";
import type { CompiledRoutes } from "../routing/index.ts";
import { checkEvent, RefusedEvents } from "./check-event.ts";
import { type CheckedOptions, checkOptions } from "./check-options.ts";
import { type Identity, identify, traceOfCloudEvent } from "./identity.ts";

export interface PrepareContext {
  routes: CompiledRoutes;
  /** The checker of the events, if they are defined. */
  events?: EventChecker | undefined;
  /** Whether the events are CloudEvents, according to another hub. Left out, this is unknown. */
  cloudEvents?: boolean | undefined;
  /** The current time in milliseconds since 1970; default this machine's. */
  now?: () => number;
  /** Gets the caller's trace context, and returns the one that the events are stored with. Without it, that is the caller's. */
  trace?: { begin(caller: TraceContext): TraceContext } | undefined;
}

/** An event that is ready to be stored, with the dispatches that its routes make. */
export interface Prepared extends NewEvent {
  dispatches: NewDispatch[];
}

/**
 * validate -> match: everything of a call except its commit. Returns an empty list if there is nothing to store.
 *
 * @throws EmitError
 */
export async function prepare(payload: unknown, options: unknown, context: PrepareContext): Promise<Prepared[]> {
  const payloads = Array.isArray(payload) ? payload : [payload];
  if (payloads.length === 0) return [];
  if (payloads.length > MAX_EVENTS_PER_CALL) {
    throw new EmitError("too_large", `at most ${MAX_EVENTS_PER_CALL} events per call, got ${payloads.length}`);
  }
  const checked = checkOptions(options, context.now);
  const trace = context.trace?.begin(callerOf(payload, checked)) ?? checked.trace;
  return prepareAll(payloads, Array.isArray(payload), { ...checked, trace }, context);
}

/** The caller's trace context. If the call gives none and consists of a single CloudEvent, it is the CloudEvent's own. */
function callerOf(payload: unknown, { trace, cloudEvents }: CheckedOptions): TraceContext {
  if (trace.traceparent !== undefined || !cloudEvents || !isPlainObject(payload)) return trace;
  return { ...traceOfCloudEvent(payload as EventPayload), ...trace };
}

async function prepareAll(
  payloads: readonly unknown[],
  several: boolean,
  options: CheckedOptions,
  context: PrepareContext,
): Promise<Prepared[]> {
  let bytes = 0;
  let values = 0;
  let dispatches = 0;
  const events: Prepared[] = [];
  const refused = new RefusedEvents();
  for (const [index, payload] of payloads.entries()) {
    const place = several ? `events[${index}]` : "event";
    const encoded = encodePayload(payload, place);
    refuseOwnKind(encoded.payload, place);
    bytes += encoded.bytes;
    if (bytes > MAX_CALL_BYTES) {
      throw new EmitError(
        "too_large",
        `${place}: the payloads of a call must be at most ${MAX_CALL_BYTES} bytes of JSON together`,
      );
    }
    values += encoded.values;
    if (values > MAX_CALL_VALUES) {
      throw new EmitError(
        "too_large",
        `${place}: the payloads of a call must contain at most ${MAX_CALL_VALUES} values together (members and elements)`,
      );
    }
    const invalid = context.events && (await checkEvent(context.events, encoded.payload, place, refused));
    // Nothing of this call will be stored. Only the faults of the other events are still to be found.
    if (refused.some) continue;
    const identity = await identify(encoded.payload, place, index, options);
    const event = prepareEvent(encoded, { ...identity, invalid }, options, context);
    dispatches += event.dispatches.length;
    if (dispatches > MAX_DISPATCHES_PER_CALL) {
      throw new EmitError(
        "too_large",
        `${place}: the events of a call may make at most ${MAX_DISPATCHES_PER_CALL} dispatches together`,
      );
    }
    events.push(event);
  }
  refused.throwIfSome();
  return events;
}

/**
 * Only the hub may emit an alert.
 *
 * @throws EmitError `invalid_payload`
 */
function refuseOwnKind(payload: EventPayload, place: string): void {
  if (!hasOwnKind(payload)) return;
  throw new EmitError("invalid_payload", `${place}.kind: kinds that begin with eventhub. are reserved for the hub`);
}

function prepareEvent(
  { payload, json, bytes }: EncodedPayload,
  identity: Identity & Pick<NewEvent, "invalid">,
  { delaySeconds, deliverAt, ancestry, cloudEvents: asCloudEvents }: CheckedOptions,
  { routes, cloudEvents }: PrepareContext,
): Prepared {
  const id = uuidv7();
  const dispatches = routes.match(payload, "producers").map(
    (route): NewDispatch => ({
      id: uuidv7(),
      eventId: id,
      ...routes.policyOf(route, payload),
      delaySeconds: delaySeconds ?? route.delaySeconds,
      deliverAt,
    }),
  );
  return {
    id,
    payloadJson: json,
    payloadBytes: bytes,
    ...identity,
    ...ancestry,
    cloudEvent: asCloudEvents || cloudEvents,
    dispatches,
  };
}
