/**
 * The contract: what producers call, and what consumers implement.
 *
 * @example A producer
 * ```ts
 * import type { EventHub } from "cf-eventhub";
 * interface Env { EVENTHUB: EventHub }
 * await env.EVENTHUB.emit({ kind: "order.paid", id: 17 }, { idempotencyKey: "order-17-paid" });
 * ```
 *
 * @example A consumer
 * ```ts
 * import { WorkerEntrypoint } from "cloudflare:workers";
 * import type { Consumer, EventPayload, HandleContext } from "cf-eventhub";
 * export default class extends WorkerEntrypoint implements Consumer {
 *   async handle(payload: EventPayload, context: HandleContext) {
 *     return "complete" as const;
 *   }
 * }
 * ```
 */

import type { CloudEventV1 } from "cloudevents";

/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The payload of an event: a JSON object, at most {@link MAX_PAYLOAD_BYTES} as UTF-8 JSON with numbers written out (`1e300` has 301 digits).
 * It is kept as a value, not as text: the order of an object's members is not kept (Postgres' `jsonb` has its own), so whoever signs a body
 * has to sign text within the payload, or a form with an order of its own. A `kind` that begins with `eventhub.` is the hub's own, and refused.
 */
export type EventPayload = { readonly [key: string]: JsonValue };

/** What `emit` takes: a payload, or a CloudEvent 1.0 in its structured JSON form (of the SDK's class: what `toJSON()` gives). */
export type Emittable = EventPayload | CloudEventV1<unknown>;

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

/** The producers' side of the hub: the type of a service binding to it. */
export interface EventHub {
  /**
   * Saves one event or several, with one dispatch for every route that matches, and enqueues the dispatches. Resolves only after the commit.
   *
   * @throws An Error whose message starts with an {@link EmitErrorCode} in brackets, e.g. `[invalid_payload] events[3]: payload must
   * be a JSON object, got an array`. Read it with {@link emitErrorCode}. After `unavailable` the events may or may not have been saved:
   * repeat the call with the same `idempotencyKey`.
   */
  emit(payload: Emittable | readonly Emittable[], options?: EmitOptions): Promise<EmitResult>;
}

/**
 * Why a call of `emit` was refused: `invalid_payload`, `invalid_options` and `too_large` are the caller's to mend; `misconfigured` is for
 * those to mend who deploy the hub, and its message says how; `unavailable` is the database, and worth repeating; `loop` ends a
 * chain of events that cause each other, for good.
 */
export type EmitErrorCode =
  | "invalid_payload"
  | "invalid_options"
  | "too_large"
  | "loop"
  | "misconfigured"
  | "unavailable";

const EMIT_ERROR_CODES: readonly string[] = [
  "invalid_payload",
  "invalid_options",
  "too_large",
  "loop",
  "misconfigured",
  "unavailable",
] satisfies EmitErrorCode[];

/** The code of an error that `emit` threw, or `undefined` for any other error: only the message of an error crosses RPC. */
export function emitErrorCode(error: unknown): EmitErrorCode | undefined {
  const code = error instanceof Error ? /^\[([a-z_]+)\]/.exec(error.message)?.[1] : undefined;
  return code !== undefined && EMIT_ERROR_CODES.includes(code) ? (code as EmitErrorCode) : undefined;
}

/** What a consumer is told beside the payload. */
export interface HandleContext {
  eventId: string;
  dispatchId: string;
  /** The destination as configured: the name of the executor's binding. */
  destination: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** `maxRetries` + 1. */
  maxAttempts: number;
  /** When the event was saved. */
  emittedAt: Date;
  /** The same for every call of one dispatch: remember it, and drop what you have seen. Delivery is at least once. */
  idempotencyKey: string;
  /** The W3C trace context given to `emit`. */
  traceparent?: string;
  /** How far the event is from the first of its chain: a hop is a hub that it has passed, or an event that caused it (`emit` with `context`). */
  hops: number;
  /** True if the payload is a CloudEvent: emitted as one, made so by the route's transform, or in the destination's format. */
  cloudEvent?: boolean;
}

/** The consumer's word on an attempt. `failed` is retried while retries are left. */
export type HandleResult = "complete" | "ignored" | "failed";

/** A result with its details. */
export interface HandleOutcome {
  result: HandleResult;
  /** For people; kept to 1,000 characters. */
  reason?: string;
  /** With `failed`: wait at least these seconds, also where the route's `retryDelay` is shorter; up to 31,536,000 (365 days). The reason says what else was given, and is not counted. */
  retryAfterSeconds?: number;
  /** With `failed`: `false` makes the failure final. */
  retry?: false;
}

/** What `handle` returns. A throw, a timeout and any other value count as `failed`, with the reason recorded. */
export type HandleReturn = HandleResult | HandleOutcome;

/** A consumer: a WorkerEntrypoint with this method, bound to the executor under the destination's name. */
export interface Consumer {
  handle(payload: EventPayload, context: HandleContext): HandleReturn | Promise<HandleReturn>;
}

/** One dispatch of a {@link BatchConsumer.handleBatch} call. */
export interface BatchItem {
  payload: EventPayload;
  context: HandleContext;
}

/** A consumer that takes many dispatches in one call: for destinations declared with `"batch": true`. */
export interface BatchConsumer {
  /**
   * Gets up to 100 dispatches (the destination's `groupSize`), and answers for each, in the same order. A throw, a timeout (the longest
   * `timeoutSeconds` among them) and an answer of another length count as `failed` for all.
   */
  handleBatch(items: BatchItem[]): HandleReturn[] | Promise<HandleReturn[]>;
}

export { MAX_DELAY_SECONDS, MAX_HOPS, MAX_PAYLOAD_BYTES } from "../vocabulary/limits.ts";
