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

/** How to make a fake hub. */
export interface FakeEventHubOptions {
  /** Where its clock stands until it is advanced; left out, the clock goes as the machine's does, plus what was advanced. */
  now?: Date;
  /** What `defineEvents` gives, as the hub's class has it: what it refuses, `emit` refuses. */
  events?: Events;
}

/** An event that a fake hub has saved. */
export interface FakeEvent {
  id: string;
  payload: EventPayload;
  /** As given to `emit`, for all events of the call. */
  options: EmitOptions;
  emittedAt: Date;
  /** The call's, or a CloudEvent's own. */
  idempotencyKey: string | undefined;
  traceparent: string | undefined;
  /** The event whose consumer emitted it. */
  causedBy: string | undefined;
  hops: number;
  /** What is wrong with it by the definition of its kind, if it was saved with a warning. */
  invalid: readonly string[] | undefined;
}

/** A dispatch of a fake hub, as it stands now. */
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
  /** When its next attempt is due, or its last one was. */
  dueAt: Date;
  /** What the destination gets: after the route's transform and in the destination's format; `undefined` where the transform refuses it. */
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
  /** What the dispatch is after it: `ongoing` if another attempt follows. */
  status: DispatchStatus;
  /** When that is due. */
  retryAt: Date | undefined;
  /** What the destination was given; both `undefined` if it was not called, since the transform refused the payload. */
  payload: EventPayload | undefined;
  context: HandleContext | undefined;
}

/**
 * What stands behind a destination: a consumer, for a Worker or another hub (a fake one, too); what of a binding is called, for a bucket, a Queue or a
 * Workflow; for a webhook, the executor's secrets by name.
 */
export type FakeTarget =
  | { handle(payload: never, context: HandleContext): ReturnType<Consumer["handle"]> }
  | { handleBatch(items: never[]): ReturnType<BatchConsumer["handleBatch"]> }
  | { put(key: string, value: string, options: object): unknown }
  | { send(message: unknown, options: object): unknown }
  | { create(options: { id: string; params: unknown }): unknown }
  | Readonly<Record<string, string>>;

/** What a fault of the hub's own does to the next call. */
export interface FailOptions {
  /** True: the call's events are saved all the same, as happens when only the answer is lost; default false. */
  saved?: boolean;
  /** What the error says behind its code. */
  message?: string;
}

/** A hub in memory. Validation, routes, transforms, delays, retries and idempotency are the hub's own code; Postgres, queue and Workflows are not there. */
export interface FakeEventHub extends EventHub, Consumer {
  /** What was saved, in order; duplicates are not saved. */
  readonly emitted: readonly FakeEvent[];
  /** All dispatches, in order. */
  readonly dispatches: readonly FakeDispatch[];
  /** What its clock says. */
  readonly now: Date;
  /** Moves its clock ahead: milliseconds, or text such as `1 h`. Calls in flight whose timeout passes count as not answered. */
  advance(by: Duration): void;
  /** Makes one attempt of each dispatch to a destination that is due, and gives them. @throws Error if no route leads there, or the target is none of its kind */
  deliverTo(destination: string, target: FakeTarget): Promise<FakeAttempt[]>;
  /**
   * Delivers to these destinations, also what their consumers emit meanwhile, and moves the clock to what is due next, until every dispatch to them is
   * final. Gives the attempts in order.
   */
  deliverAll(targets: Readonly<Record<string, FakeTarget>>): Promise<FakeAttempt[]>;
  /** Has the next call of `emit` that is not at fault itself refused for what is not the caller's. */
  failNext(code: Extract<EmitErrorCode, "unavailable" | "misconfigured">, options?: FailOptions): void;
}
