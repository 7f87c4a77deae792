import type { KindOf, PayloadOf } from "../events/types.ts";
import type { EventPayload } from "./payload.ts";

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
  /**
   * Of a destination with an `order`: a number that rises with each dispatch of its key that is called for the first time. Refuse what comes with a
   * lesser one than you have seen: it is the late effect of a call that has timed out.
   */
  position?: number;
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

/**
 * A consumer: a WorkerEntrypoint with this method, bound to the executor under the destination's name. With a definition of events and the kinds
 * that its routes bring, `Consumer<typeof events, "order.paid">`, the payload has their types.
 */
export interface Consumer<Defined = undefined, Kind extends KindOf<Defined> = KindOf<Defined>> {
  handle(payload: PayloadOf<Defined, Kind>, context: HandleContext): HandleReturn | Promise<HandleReturn>;
}

/** One dispatch of a {@link BatchConsumer.handleBatch} call. */
export interface BatchItem<Payload = EventPayload> {
  payload: Payload;
  context: HandleContext;
}

/** A consumer that takes many dispatches in one call: for destinations declared with `"batch": true`. */
export interface BatchConsumer<Defined = undefined, Kind extends KindOf<Defined> = KindOf<Defined>> {
  /**
   * Gets up to 100 dispatches (the destination's `groupSize`), and answers for each, in the same order. A throw, a timeout (the longest
   * `timeoutSeconds` among them) and an answer of another length count as `failed` for all.
   */
  handleBatch(items: BatchItem<PayloadOf<Defined, Kind>>[]): HandleReturn[] | Promise<HandleReturn[]>;
}
