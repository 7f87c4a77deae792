import type { EventOf, Events } from "../events/types.ts";
import type { MAX_HOPS } from "../vocabulary/limits.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { HandleContext } from "./consumer.ts";
import type { EmitErrorCode, emitErrorCode } from "./emit-error.ts";
import type { AsJson, EventPayload } from "./payload.ts";

/** What `emit` takes: a payload, or a CloudEvent 1.0 in its structured JSON form (of the SDK's class: what `toJSON()` gives). */
export type Emittable = EventPayload | CloudEvent;

/** What `emit` makes of the type that it is given: that type, or what it says is wrong with it. */
export type Checked<Payload> = Payload extends Emittable | readonly Emittable[]
  ? Payload
  : Payload extends readonly (infer Each)[]
    ? readonly (Each extends object ? AsJson<Each> : EventPayload)[]
    : AsJson<Payload>;

/** Options of one {@link EventHub.emit} call; they hold for every event of the call. */
export interface EmitOptions {
  /**
   * Names this call, so that repeating it stores nothing new: 1 to 255 characters (Unicode code points). With an array of payloads, key and index together
   * are the key (a single payload has index 0). A key is kept as long as its event.
   */
  idempotencyKey?: string;
  /** Seconds to wait before the first attempt, 0 to 31,536,000 (365 days); replaces the routes' own `delaySeconds`. */
  delaySeconds?: number;
  /**
   * When to make the first attempt, at most 365 days ahead; a moment that has passed means now. As text: ISO 8601 with its zone
   * (`2026-12-24T18:00:00Z`), or a date, which is its midnight UTC. Not together with `delaySeconds`.
   */
  deliverAt?: Date | string;
  /** The W3C trace context of the caller; handed to consumers as it is. */
  traceparent?: string;
  /**
   * True: every payload is a structured CloudEvent 1.0, and is refused otherwise. Without an `idempotencyKey` its `source` and `id` are the key, since
   * they name an event; its `traceparent` extension counts if none is given here. Default false: whatever it looks like, it is a payload.
   */
  cloudEvents?: boolean;
  /**
   * For a consumer that emits: the `context` that it was given. The events are kept as caused by that one, a hop further, and a chain of
   * events that cause each other ends at {@link MAX_HOPS} with the code `loop`. Left out, a chain begins here.
   */
  context?: Cause;
}

/** What `emit` reads of a {@link HandleContext}; for a consumer that emits later, these two are enough to keep. */
export type Cause = Pick<HandleContext, "eventId" | "hops">;

/** An event as stored, with the dispatches that its routes made. */
export interface EmittedEvent {
  /** UUIDv7. */
  id: string;
  /** True if the `idempotencyKey` had been seen: `id` and `dispatches` are then those stored first. */
  duplicate: boolean;
  /** One for each matching route; empty if nobody matched. */
  dispatches: { id: string; destination: string }[];
}

/** What `emit` answers, in the order of the payloads. */
export interface EmitResult {
  events: EmittedEvent[];
}

/**
 * The producers' side of the hub: the type of a service binding to it. With a definition of events, `EventHub<typeof events>`, `emit` takes those
 * alone, each with the members that its schema takes.
 */
export type EventHub<Defined = undefined> = Defined extends Events ? HubOfEvents<Defined> : HubOfPayloads;

interface HubOfPayloads {
  /**
   * Saves one event or several, with one dispatch for every route that matches, and enqueues the dispatches. Resolves only after the commit.
   *
   * @throws An Error whose message starts with an {@link EmitErrorCode} in brackets, e.g. `[invalid_payload] events[3]: payload must
   * be a JSON object, got an array`. Read it with {@link emitErrorCode}. After `unavailable` the events may or may not have been saved:
   * repeat the call with the same `idempotencyKey`.
   */
  emit<const Payload extends object>(payload: Payload & Checked<Payload>, options?: EmitOptions): Promise<EmitResult>;
}

interface HubOfEvents<Defined extends Events> {
  /** As of a hub without a definition. The hub checks what comes, too: an event that its schema refuses is `[invalid_event]`. */
  emit(payload: EventOf<Defined> | readonly EventOf<Defined>[], options?: EmitOptions): Promise<EmitResult>;
}
