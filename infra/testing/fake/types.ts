import type {
  BatchConsumer,
  Consumer,
  EmitErrorCode,
  EmitOptions,
  EventHub,
  EventPayload,
  HandleContext,
} from "../../../schema/contract/index.ts";
import type { Events } from "../../../schema/events/index.ts";
import type { DispatchStatus, ExecutionResult } from "../../../schema/vocabulary/statuses.ts";
import type { Duration } from "./clock.ts";

/** The options of a fake hub. */
export interface FakeEventHubOptions {
  /** The time at which its clock stands still until you advance it. Without it, the clock runs like the machine's, plus what you advance. */
  now?: Date;
  /** The result of `defineEvents`, as in the hub's class: `emit` refuses what it refuses. */
  events?: Events;
}

/** An event that a fake hub has saved. */
export interface FakeEvent {
  id: string;
  payload: EventPayload;
  /** The options of its call of `emit`. */
  options: EmitOptions;
  emittedAt: Date;
  /** The call's key, or a CloudEvent's own. */
  idempotencyKey: string | undefined;
  traceparent: string | undefined;
  tracestate: string | undefined;
  baggage: string | undefined;
  /** The event whose consumer emitted it. */
  causedBy: string | undefined;
  hops: number;
  /** Its faults by the definition of its kind, if it was saved with a warning. */
  invalid: readonly string[] | undefined;
}

/** The current state of a dispatch of a fake hub. */
export interface FakeDispatch {
  id: string;
  eventId: string;
  destination: string;
  route: string;
  status: DispatchStatus;
  /** Why it has its status; while ongoing, why the last attempt failed. */
  reason: string | null;
  /** Attempts so far. */
  attempts: number;
  maxAttempts: number;
  /** When its next attempt is due, or when its last one was due. */
  dueAt: Date;
  /** What the destination gets, after the route's transform and in the destination's format; `undefined` if the transform fails. */
  payload: EventPayload | undefined;
}

/** One attempt of {@link FakeEventHub.deliverTo}. */
export interface FakeAttempt {
  dispatchId: string;
  eventId: string;
  destination: string;
  /** Which attempt it was, from 1. */
  attempt: number;
  result: ExecutionResult;
  reason: string | null;
  /** The status of the dispatch afterwards: `ongoing` if another attempt follows. */
  status: DispatchStatus;
  /** When the next attempt is due. */
  retryAt: Date | undefined;
  /** The payload that the destination got. `payload` and `context` are `undefined` if it was not called because the transform failed. */
  payload: EventPayload | undefined;
  context: HandleContext | undefined;
}

/**
 * What stands for a destination. For a Worker or another hub: a consumer, or a fake hub. For a bucket, a Queue or a Workflow: the method of the
 * binding that is called. For a webhook: the executor's secrets by name.
 */
export type FakeTarget =
  | { [Method in keyof FakeMethods]: Pick<FakeMethods, Method> }[keyof FakeMethods]
  | Readonly<Record<string, string>>;

/** The methods of bindings that destinations call. */
export interface FakeMethods {
  handle(payload: never, context: HandleContext): ReturnType<Consumer["handle"]>;
  handleBatch(items: never[]): ReturnType<BatchConsumer["handleBatch"]>;
  put(key: string, value: string, options: object): unknown;
  send(message: unknown, options: object): unknown;
  create(options: { id: string; params: unknown }): unknown;
}

/** How the next call fails. */
export interface FailOptions {
  /** Whether the call's events are saved all the same, as if only the answer were lost; default false. */
  saved?: boolean;
  /** The text of the error after its code. */
  message?: string;
}

/**
 * A hub in memory. Validation, routes, transforms, delays, retries and idempotency are the hub's own code. There is no Postgres, queue or Workflow.
 */
export interface FakeEventHub extends EventHub, Consumer {
  /** The events that were saved, in order, without duplicates. */
  readonly emitted: readonly FakeEvent[];
  /** All dispatches, in order. */
  readonly dispatches: readonly FakeDispatch[];
  /** The time of its clock. */
  readonly now: Date;
  /** Moves its clock ahead: milliseconds, or text such as `1 h`. Calls in flight whose timeout passes count as not answered. */
  advance(by: Duration): void;
  /**
   * Makes one attempt of each dispatch to a destination that is due, and returns the attempts.
   * @throws Error if no route leads there, or the target does not fit the kind
   */
  deliverTo(destination: string, target: FakeTarget): Promise<FakeAttempt[]>;
  /**
   * Delivers to these destinations until every dispatch to them is final, including what their consumers emit. Moves the clock whenever nothing is
   * due. Returns the attempts in order.
   */
  deliverAll(targets: Readonly<Record<string, FakeTarget>>): Promise<FakeAttempt[]>;
  /** Makes the next valid call of `emit` fail, for a reason that is not the caller's. */
  failNext(code: Extract<EmitErrorCode, "unavailable" | "misconfigured">, options?: FailOptions): void;
}
