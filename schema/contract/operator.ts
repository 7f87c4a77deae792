/** The contract of operators: what the hub's entrypoint `Operator` answers, and what `npm run ops` prints. */

import type { RetryDelay } from "../config/routes.ts";
import type {
  DispatchStatus,
  ExecutionResult,
  OperationAction,
  OperationState,
  StatusThatIs,
} from "../vocabulary/statuses.ts";
import type { DestinationFlow, DispatchWaiting } from "./flow.ts";
import type { EventPayload } from "./index.ts";
import type { InvalidEvent } from "./invalid.ts";

/** An equality on the payload: some value that `path` finds is `equals`. */
export interface PayloadEquality {
  /** JSONPath of names, indexes and wildcards: `$.repository.full_name`, `$.items[*].sku`, `$['a b'][0]`. */
  path: string;
  equals: string | number | boolean | null;
}

/** A moment: a Date, or ISO 8601 text with its zone, or a date (its midnight UTC). */
export type Moment = Date | string;

/** Which events: all that is given must hold. */
export interface EventFilter {
  ids?: readonly string[];
  /** Emitted at or after, and before. */
  since?: Moment;
  until?: Moment;
  idempotencyKey?: string;
  payload?: PayloadEquality;
  /** Whether something is wrong with them by the definition of their kind. */
  invalid?: boolean;
}

/** Which dispatches: all that is given must hold. */
export interface DispatchFilter {
  ids?: readonly string[];
  eventId?: string;
  status?: DispatchStatus | readonly DispatchStatus[];
  destination?: string;
  route?: string;
  /** Created at or after, and before. */
  since?: Moment;
  until?: Moment;
  /** Final at or after, and before. */
  resultedSince?: Moment;
  resultedUntil?: Moment;
  /** Of the event. */
  idempotencyKey?: string;
  /** Text within the reason, whatever its case. */
  reason?: string;
  payload?: PayloadEquality;
  /** Whether something is wrong with the event by the definition of its kind. */
  invalid?: boolean;
  /** Made by this operation. */
  operationId?: string;
  /** Whether it has been retried by hand. */
  retried?: boolean;
  /** Whether it is ongoing a minute beyond its time with nobody at work and no pause, nor the drain after one, that holds it, as in `overdue_dispatches`. */
  overdue?: boolean;
  /** Either of the two that follow. The empty key is that of all that have none. */
  key?: string;
  /** By which its destination's limits count it. */
  flowKey?: string;
  /** Within which it is called in order. */
  orderKey?: string;
}

export interface PageOptions {
  /** Default `newest`. */
  order?: "newest" | "oldest";
  /** Most items; 1 to 500, default 50. */
  limit?: number;
  /** The `cursor` of the page before, with the same filter and order. */
  cursor?: string;
}

export interface Page<Item> {
  items: Item[];
  /**
   * Where to go on; missing at the end. A page may hold fewer items than `limit`, or none, and still have a cursor: a filter without an index
   * looks at a bounded number of rows a call.
   */
  cursor?: string;
}

export interface DispatchSummary {
  id: string;
  eventId: string;
  destination: string;
  route: string;
  status: DispatchStatus;
  /** Why it has its status; while ongoing, why the last attempt failed. */
  reason: string | null;
  attempts: number;
  maxRetries: number;
  createdAt: Date;
  nextAttemptAt: Date;
  resultedAt: Date | null;
  /** The Workflow instance to look up, and its binding. */
  workflow: string | null;
  instanceId: string | null;
  retryOf: string | null;
  operationId: string | null;
  /** By which its destination's limits count it; `null` where there are no limits and no order. */
  flowKey: string | null;
  /** Within which it is called in order. */
  orderKey: string | null;
}

export interface ExecutionDetail {
  attempt: number;
  result: ExecutionResult;
  reason: string | null;
  instanceId: string;
  startedAt: Date;
  finishedAt: Date;
}

export interface DispatchDetail extends DispatchSummary {
  retryDelay: RetryDelay;
  timeoutSeconds: number;
  generation: number;
  leaseUntil: Date | null;
  /** The dispatch that retries this one. */
  retriedBy: string | null;
  /** What its consumer sees as `context.position`; `null` without an order, and before its first call. */
  position: number | null;
  /** It failed for good, and holds its order until it is retried or its key released. */
  held: boolean;
  /** What it waits for; `null` if it is not ongoing, is called, or has neither limits nor an order. */
  waiting: DispatchWaiting | null;
  event: EventSummary;
  executions: ExecutionDetail[];
}

export interface EventSummary {
  id: string;
  createdAt: Date;
  idempotencyKey: string | null;
  payloadBytes: number;
  hops: number;
  /** The hub emitted it itself. */
  own: boolean;
  /** False until the hub has made the dispatches of what was emitted in SQL. */
  routed: boolean;
  /** What is wrong with it by the definition of its kind, since it was stored with a warning, or came in SQL and was refused. */
  invalid: InvalidEvent | null;
}

export interface ListedEvent extends EventSummary {
  /** How many of its dispatches have each status. */
  statuses: Partial<Record<DispatchStatus, number>>;
}

/** Most events shown with the one that has caused them. */
export const MAX_SHOWN_CAUSED = 100;

/** An event of the same chain. */
export type RelatedEvent = Pick<EventSummary, "id" | "createdAt" | "hops">;

export interface EventDetail extends EventSummary {
  traceparent: string | null;
  /** The event whose consumer emitted it, or that another hub handed on; `null` if nobody said. It may be another hub's, or removed by retention. */
  causedBy: string | null;
  /** What lies before it, from the first of its chain on, as far as it is here. */
  ancestors: RelatedEvent[];
  /** What its consumers emitted with its context: the first {@link MAX_SHOWN_CAUSED}. */
  caused: RelatedEvent[];
  /** `null` once its retention has passed. */
  payload: EventPayload | null;
  dispatches: DispatchSummary[];
}

/** What the dispatches of one destination did in one bucket of time. */
export interface StatsRow {
  /** Where the bucket begins. */
  at: Date;
  destination: string;
  status: DispatchStatus;
  dispatches: number;
}

export interface Stats {
  since: Date;
  bucketSeconds: number;
  /** Dispatches by the moment of their result. */
  resulted: StatsRow[];
  /** Dispatches that are ongoing now, by destination. */
  ongoing: { destination: string; dispatches: number; oldest: Date }[];
}

/** How much came in, how much went out, and how long it took. */
export interface Traffic {
  since: Date;
  bucketSeconds: number;
  /** Events by the time in their ids; a bucket without events has a row too. */
  emitted: { at: Date; events: number }[];
  /** Dispatches by the moment of their result: complete or ignored, and failed, misconfigured or lost; a bucket without results has a row too. */
  resulted: { at: Date; delivered: number; failed: number }[];
  /** As in {@link PeriodHealth}, of up to 500 dispatches a bucket, taken evenly over it; a bucket without results has no row. */
  latency: { at: Date; sampled: number; p50Ms: number; p95Ms: number; p99Ms: number }[];
  /** Dispatches that are ongoing now. */
  ongoing: number;
}

/** Dispatches that ended alike without success and have not been retried. */
export interface FailureGroup {
  destination: string;
  status: StatusThatIs<"unhappy">;
  /** The newest one's. */
  reason: string | null;
  /** How many reasons there are that differ only in numbers and ids. */
  reasons: number;
  dispatches: number;
  /** When the first and the last of them ended. */
  first: Date;
  last: Date;
  /** The last of them. */
  example: string;
}

/** What is overdue of one destination. */
export interface OverdueGroup {
  destination: string;
  dispatches: number;
  /** When the one that waits longest was due, and which it is. */
  oldest: Date;
  example: string;
}

/** A part of the deployment that does nothing: a cron, or the consumer of the queue. */
export interface SetupFault {
  fault: "hub_silent" | "executor_silent" | "queue_unconsumed";
  /** Since when at least. */
  since: Date;
  /** What is wrong, for people. */
  what: string;
  /** What to do. */
  todo: string;
}

/** What needs an operator. */
export interface Problems {
  since: Date;
  /** What was forgotten in the deployment, as far as the database can tell. */
  setup: SetupFault[];
  /** What has ended without success since then and was not retried; the twenty latest groups. */
  failures: FailureGroup[];
  /** All of them. */
  failed: number;
  /** Overdue now, longest first. */
  overdue: OverdueGroup[];
  /** False if there was more than could be looked at: the counts are then those of the newest failures and the oldest overdue. */
  exact: boolean;
}

/**
 * About so many results of one destination and period are looked at for its percentiles, and fewer where many destinations share 5,000;
 * where no more resulted, the percentiles are exact.
 */
export const MAX_HEALTH_SAMPLE = 1_000;

/** As `destination_health` says of one period, but that the percentiles are of a sample of up to {@link MAX_HEALTH_SAMPLE} results. */
export interface PeriodHealth {
  /** (complete + ignored) of all that ended without an operator, 0 to 1; `null` if nothing did. */
  successRate: number | null;
  statuses: Record<Exclude<DispatchStatus, "ongoing">, number>;
  /** Milliseconds from the moment the last attempt was due to its result. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

export interface DestinationState {
  name: string;
  /** As configured; `null` for one that only the database knows. */
  kind: string | null;
  pausedAt: Date | null;
  pausedBy: "operator" | "breaker" | null;
  pauseReason: string | null;
  /** True while what was held is still being enqueued after a resume. */
  draining: boolean;
  ongoing: number;
  oldestOngoing: Date | null;
  /** Its limits and order; `null` if it never had any. */
  flow: DestinationFlow | null;
  /**
   * How many of its dispatches share a Workflow instance at most for an hour from `since` on, which is fewer than its `groupSize`; `by`: what the platform
   * said when it refused a call of a larger group, or `slow`. `null`: as many as its `groupSize` says.
   */
  groupLimit: { size: number; since: Date; by: string } | null;
  hour: PeriodHealth;
  day: PeriodHealth;
}

/** A destination that is paused, or that was and still drains. */
export type PausedDestination = Pick<
  DestinationState,
  "name" | "pausedAt" | "pausedBy" | "pauseReason" | "draining" | "ongoing"
>;

/** Who acts, and the id that makes an action repeatable. */
export interface ActionOptions {
  /** Kept in `operations`; default: what the binding's `props.actor` says, or `operator`. */
  actor?: string;
  /** UUID of the operation, made by the caller: the same call again goes on where the first stopped, and does nothing twice. */
  operationId?: string;
}

export interface BulkOptions extends ActionOptions {
  /** Only say what would be done. */
  dryRun?: boolean;
  /** Most dispatches (or events) to deal with, default 100,000. */
  limit?: number;
}

/** What a retry changes of the dispatch that it repeats. */
export interface RetryOverrides {
  maxRetries?: number;
  timeoutSeconds?: number;
  delaySeconds?: number;
}

export interface RetryManyOptions extends BulkOptions {
  /** New dispatches that become due a second, 1 to 10,000; default 50: thousands at once would be the next incident. */
  perSecond?: number;
}

export interface ReplayOptions extends RetryManyOptions {
  /** `same`: the destinations that the event had. `current`: those that the configuration gives it now. */
  routing: "same" | "current";
}

export interface Operation {
  id: string;
  actor: string;
  action: OperationAction;
  arguments: Readonly<Record<string, unknown>>;
  /** `running`: the hub's cron goes on with it. */
  state: OperationState;
  /** Dispatches or events looked at so far. */
  examined: number;
  /** Dispatches made, cancelled or held so far. */
  affected: number;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
}

/** What bulk work would do. */
export interface DispatchesDryRun {
  /** False if there was more than could be looked at in one call, or than `limit`. */
  exact: boolean;
  dispatches: number;
  groups: { destination: string; status: DispatchStatus; dispatches: number }[];
  /** Of a retry: how many are of an order that has gone on without them, so that they are called after what came after them. */
  outOfOrder?: number;
}

export interface ReplayDryRun {
  exact: boolean;
  events: number;
  /** Events whose payload is gone. */
  skipped: number;
  dispatches: number;
  /** How many of them are of an order: they are called after all that stands in it by now. */
  outOfOrder: number;
  /** What the chosen routing would create (`dispatches`), and what each of the two would. */
  destinations: { destination: string; dispatches: number; same: number; current: number }[];
  /** Events for which the two routings differ, with the first ten of them. */
  differing: number;
  examples: { eventId: string; same: string[]; current: string[] }[];
}
