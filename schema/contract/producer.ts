import type { EventOf, Events } from "../events/types.ts";
import type { TraceContext } from "../trace/trace-context.ts";
import type { MAX_HOPS } from "../vocabulary/limits.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { HandleContext } from "./consumer.ts";
import type { EmitErrorCode, emitErrorCode } from "./emit-error.ts";
import type { AsJson, EventPayload } from "./payload.ts";

/** What `emit` takes: a payload, or a CloudEvent 1.0 in its structured JSON form (from the SDK's class, the result of `toJSON()`). */
export type Emittable = EventPayload | CloudEvent;

/** The type that `emit` requires for the type of its argument: that type itself, or a text that says what is wrong with it. */
export type Checked<Payload> = Payload extends Emittable | readonly Emittable[]
  ? Payload
  : Payload extends readonly (infer Each)[]
    ? readonly (Each extends object ? AsJson<Each> : EventPayload)[]
    : AsJson<Payload>;

/** Options of one {@link EventHub.emit} call. They apply to every event of the call. */
export interface EmitOptions {
  /**
   * Identifies this call, so that repeating it stores nothing new: 1 to 255 characters (Unicode code points). With an array of payloads, the key of
   * each event is this key plus its index (a single payload has index 0). A key is kept as long as its event.
   */
  idempotencyKey?: string;
  /** Seconds to wait before the first attempt, 0 to 31,536,000 (365 days); replaces the routes' own `delaySeconds`. */
  delaySeconds?: number;
  /**
   * When to make the first attempt, at most 365 days ahead. A moment in the past means now. As text: ISO 8601 with its zone (`2026-12-24T18:00:00Z`),
   * or a date, which means midnight UTC. Not together with `delaySeconds`.
   */
  deliverAt?: Date | string;
  /**
   * The W3C trace context of the caller, as its header has it. The events are emitted in that trace, and consumers get it. An invalid value is
   * ignored, as W3C requires: a header may come from anybody, and no event is lost because of it. Default: that of `context`, or of the platform's
   * own trace.
   */
  traceparent?: string | null;
  /** W3C `tracestate`, which belongs to `traceparent`. Above 512 characters, whole members are left out. */
  tracestate?: string | null;
  /** W3C `baggage`, passed on to every destination: the first 64 members, up to 8,192 characters. */
  baggage?: string | null;
  /**
   * True: every payload must be a structured CloudEvent 1.0, and is refused otherwise. Without an `idempotencyKey`, its `source` and `id` are the
   * key, because they identify an event. Its `traceparent` extension is used if the call gives none. Default false: a payload is never treated as a
   * CloudEvent.
   */
  cloudEvents?: boolean;
  /**
   * For a consumer that emits: the `context` of its own call. The hub stores that event as the cause of the new ones, which are one hop further and
   * in its trace. A chain of events that cause each other ends at {@link MAX_HOPS}, with the code `loop`. Without `context`, a new chain begins.
   */
  context?: Cause;
}

/** What `emit` reads from a {@link HandleContext}. A consumer that emits later needs to keep only `eventId` and `hops`. */
export type Cause = Pick<HandleContext, "eventId" | "hops" | keyof TraceContext>;

/** An event as stored, with the dispatches that its routes made. */
export interface EmittedEvent {
  /** UUIDv7. */
  id: string;
  /** True if the `idempotencyKey` was used before: `id` and `dispatches` are then those that were stored first. */
  duplicate: boolean;
  /** One for each matching route; empty if no route matched. */
  dispatches: { id: string; destination: string }[];
}

/** The answer of `emit`, in the order of the payloads. */
export interface EmitResult {
  /** One for each payload. */
  events: EmittedEvent[];
}

/**
 * The producers' side of the hub: the type of a service binding to it. With a definition of events, `EventHub<typeof events>`, `emit` takes only
 * those events, each with the members that its schema accepts.
 */
export type EventHub<Defined = undefined> = Defined extends Events ? HubOfEvents<Defined> : HubOfPayloads;

interface HubOfPayloads {
  /**
   * Saves one event or several, with one dispatch for every route that matches, and enqueues the dispatches. Resolves only after the commit.
   *
   * @throws An Error whose message starts with an {@link EmitErrorCode} in brackets, e.g.
   * `[invalid_payload] events[3]: payload must be a JSON object, got an array`. Read the code with {@link emitErrorCode}. After `unavailable`, the
   * events may or may not have been saved: repeat the call with the same `idempotencyKey`.
   */
  emit<const Payload extends object>(payload: Payload & Checked<Payload>, options?: EmitOptions): Promise<EmitResult>;

  /**
   * Makes the hub route events that were emitted in SQL at once. Call it after the commit. It is optional: otherwise the next event, the alarm's next
   * ringing or the hub's cron routes them, whichever comes first. Resolves when the events committed before are routed, up to 10,000; the rest
   * follows.
   *
   * @throws An Error whose message starts with `[unavailable]` or `[misconfigured]`. Nothing is lost.
   */
  poke(): Promise<void>;
}

interface HubOfEvents<Defined extends Events> {
  /** As in a hub without a definition. The hub also checks each event: if its schema refuses it, the error is `[invalid_event]`. */
  emit(payload: EventOf<Defined> | readonly EventOf<Defined>[], options?: EmitOptions): Promise<EmitResult>;

  /** As in a hub without a definition. */
  poke(): Promise<void>;
}
