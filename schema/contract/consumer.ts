import type { KindOf, PayloadOf } from "../events/types.ts";
import type { EventPayload } from "./payload.ts";

/** What a consumer gets beside the payload. */
export interface HandleContext {
  /** The event's id, as `emit` answered it. All dispatches of an event share it. */
  eventId: string;
  /** The id of this delivery. A manual retry is a new dispatch with a new id. */
  dispatchId: string;
  /** The destination as configured: the name of the executor's binding. */
  destination: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** `maxRetries` + 1. */
  maxAttempts: number;
  /** When the event was saved. */
  emittedAt: Date;
  /** The same for every call of one dispatch. Remember it, and ignore a dispatch that you have seen: delivery is at least once. */
  idempotencyKey: string;
  /**
   * W3C trace context for the consumer's work. If the executor exports spans and the trace is recorded, it names the span of this attempt, the same
   * for every call of the attempt. Otherwise it names the event's span.
   */
  traceparent?: string;
  /** W3C `tracestate`, which belongs to `traceparent`. */
  tracestate?: string;
  /** W3C `baggage`, as given to `emit`. */
  baggage?: string;
  /**
   * How far the event is from the first of its chain. Each hub that it has passed is a hop, and so is each event that caused it (`emit` with
   * `context`).
   */
  hops: number;
  /** True if the payload is a CloudEvent: emitted as one, made one by the route's transform, or by the destination's format. */
  cloudEvent?: boolean;
  /**
   * For a destination with an `order`: a number that increases with each dispatch of its key that is called for the first time. Refuse a dispatch
   * with a lower number than you have seen: it comes from a call that has timed out.
   */
  position?: number;
}

/** The result of an attempt, as the consumer says. `failed` is retried while retries are left. */
export type HandleResult = "complete" | "ignored" | "failed";

/** A result with its details. */
export interface HandleOutcome {
  /** What came of the attempt. */
  result: HandleResult;
  /** For people; kept to 1,000 characters. */
  reason?: string;
  /**
   * With `failed`: wait at least this many seconds, even if the route's `retryDelay` is shorter; up to 31,536,000 (365 days). A longer wait counts as
   * this long, and any other value as not given. The recorded reason says so.
   */
  retryAfterSeconds?: number;
  /** With `failed`: `false` makes the failure final. */
  retry?: false;
}

/** What `handle` returns. A throw, a timeout and any other value count as `failed`, with the reason recorded. */
export type HandleReturn = HandleResult | HandleOutcome;

/**
 * A consumer: a WorkerEntrypoint with this method, bound to the executor under the destination's name. With a definition of events and the kinds that
 * its routes send, `Consumer<typeof events, "order.paid">`, the payload has their types.
 */
export interface Consumer<Defined = undefined, Kind extends KindOf<Defined> = KindOf<Defined>> {
  /** Handles one dispatch. It may be called again for the same one, so it has to recognise a repeat. */
  handle(payload: PayloadOf<Defined, Kind>, context: HandleContext): HandleReturn | Promise<HandleReturn>;
}

/** One dispatch of a {@link BatchConsumer.handleBatch} call. */
export interface BatchItem<Payload = EventPayload> {
  /** The event's payload, or the result of the route's transform. */
  payload: Payload;
  /** What belongs to this dispatch. */
  context: HandleContext;
}

/**
 * What a Queue or a Workflow of yours gets if it is declared with `"format": "context"`. It is JSON, so `emittedAt` is text.
 *
 * @example
 * ```ts
 * for (const { body } of batch.messages as readonly Message<ContextMessage>[])
 *   await env.EVENTHUB.emit(next(body.payload), { context: body.context }); // goes on in the same trace
 * ```
 */
export interface ContextMessage<Payload = EventPayload> {
  /** The event, or what the transform of its route made of it. */
  payload: Payload;
  /** The same as a consumer gets. */
  context: Omit<HandleContext, "emittedAt"> & { emittedAt: string };
}

/** A consumer that takes many dispatches in one call: for destinations declared with `"batch": true`. */
export interface BatchConsumer<Defined = undefined, Kind extends KindOf<Defined> = KindOf<Defined>> {
  /**
   * Gets up to 100 dispatches (the destination's `groupSize`), and returns one result for each, in the same order. After a throw, a timeout (the
   * longest `timeoutSeconds` among them) or an answer of another length, all of them count as `failed`.
   */
  handleBatch(items: BatchItem<PayloadOf<Defined, Kind>>[]): HandleReturn[] | Promise<HandleReturn[]>;
}
