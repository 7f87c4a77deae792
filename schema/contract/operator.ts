/** The contract of operators: what the hub's entrypoint `Operator` takes and answers, and what `npm run ops` prints. */

import type { RetryDelay } from "../config/routes.ts";
import type { DestinationStateName, HealthRules } from "../vocabulary/destination-states.ts";
import type { DispatchStatus, ExecutionResult } from "../vocabulary/statuses.ts";
import type { AboutEvent } from "./find.ts";
import type { DestinationFlow, DispatchWaiting } from "./flow.ts";
import type { EventPayload } from "./index.ts";
import type { InvalidEvent } from "./invalid.ts";

/** A condition on the payload: some value that `path` finds equals `equals`. */
export interface PayloadEquality {
  /** JSONPath of names, indexes and wildcards: `$.repository.full_name`, `$.items[*].sku`, `$['a b'][0]`. */
  path: string;
  equals: string | number | boolean | null;
}

/** A moment: a Date, ISO 8601 text with its zone, or a date, which means midnight UTC. */
export type Moment = Date | string;

/** Which events: all given conditions must hold. */
export interface EventFilter {
  /** One of these. */
  ids?: readonly string[];
  /** Emitted at this moment or later. */
  since?: Moment;
  /** Emitted before this moment. */
  until?: Moment;
  idempotencyKey?: string;
  /** The trace in which they were emitted: 32 hex digits. */
  traceId?: string;
  /** A value in the payload. */
  payload?: PayloadEquality;
  /** Whether they have faults by the definition of their kind. */
  invalid?: boolean;
  /** Whether they matched a route. Events that are not routed yet, and events that were refused, are neither. */
  matched?: boolean;
}

/** Which dispatches: all given conditions must hold. */
export interface DispatchFilter {
  /** One of these. */
  ids?: readonly string[];
  eventId?: string;
  /** One of these. */
  status?: DispatchStatus | readonly DispatchStatus[];
  destination?: string;
  route?: string;
  /** Created at this moment or later. */
  since?: Moment;
  /** Created before this moment. */
  until?: Moment;
  /** Final since this moment or later. */
  resultedSince?: Moment;
  /** Final before this moment. */
  resultedUntil?: Moment;
  /** Of the event. */
  idempotencyKey?: string;
  /** The trace in which the event was emitted: 32 hex digits. */
  traceId?: string;
  /** Text within the reason, in any case. */
  reason?: string;
  /** A value in the event's payload. */
  payload?: PayloadEquality;
  /** Whether the event has faults by the definition of its kind. */
  invalid?: boolean;
  /** Made by this operation. */
  operationId?: string;
  /** Whether it has been retried manually. */
  retried?: boolean;
  /**
   * Whether it is ongoing more than a minute beyond its time although nobody works on it and neither a pause nor the drain after one holds it, as in
   * `overdue_dispatches`.
   */
  overdue?: boolean;
  /** `flowKey` or `orderKey`. The empty key is that of all events that have none. */
  key?: string;
  /** The key by which its destination's limits count it. */
  flowKey?: string;
  /** The key within which it is called in order. */
  orderKey?: string;
}

/** Which page of a list, and in which order. */
export interface PageOptions {
  /** Default `newest`. */
  order?: "newest" | "oldest";
  /** Most items; 1 to 500, default 50. */
  limit?: number;
  /** The `cursor` of the page before, with the same filter and order. */
  cursor?: string;
  /** Whether to include what each event is, as `about` of the items. This reads the payloads. Default false. */
  about?: boolean;
  /** The most rows, approximately, to look at for what no index finds. Default: as many as fit into two seconds. */
  look?: number;
}

/** A page of a list. New rows do not shift the pages. */
export interface Page<Item> {
  items: Item[];
  /**
   * Where the next page begins; missing at the end. A page may have fewer items than `limit`, or none, and still have a cursor: for what no index
   * finds, a call searches for two seconds.
   */
  cursor?: string;
  /**
   * If a call stopped before its page was full or the end was reached: how many rows it has looked at, about how many there are in all, and the time
   * that it has reached.
   */
  looked?: { rows: number; of: number; to: Date };
}

/** A dispatch, as lists show it. */
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
  /** The binding of its Workflow. */
  workflow: string | null;
  /** The Workflow instance to look up. */
  instanceId: string | null;
  /** The dispatch that it retries. */
  retryOf: string | null;
  /** The operation that made it. */
  operationId: string | null;
  /** The key by which its destination's limits count it; `null` where there are no limits and no order. */
  flowKey: string | null;
  /** The key within which it is called in order. */
  orderKey: string | null;
}

/** A dispatch of a list. */
export interface ListedDispatch extends DispatchSummary {
  /** What its event is, if `page.about` is true. */
  about?: AboutEvent;
}

/** An attempt that was recorded. */
export interface ExecutionDetail {
  attempt: number;
  result: ExecutionResult;
  reason: string | null;
  instanceId: string;
  startedAt: Date;
  finishedAt: Date;
}

/** A dispatch with its executions. */
export interface DispatchDetail extends DispatchSummary {
  retryDelay: RetryDelay;
  timeoutSeconds: number;
  generation: number;
  leaseUntil: Date | null;
  /** The dispatch that retries this one. */
  retriedBy: string | null;
  /** What its consumer sees as `context.position`; `null` without an order, and before the first call. */
  position: number | null;
  /** Whether it failed for good and holds its order until it is retried or its key is released. */
  held: boolean;
  /** What it waits for; `null` if it is not ongoing, is being called, or has neither limits nor an order. */
  waiting: DispatchWaiting | null;
  event: EventSummary;
  executions: ExecutionDetail[];
}

/** An event, as lists show it. */
export interface EventSummary {
  id: string;
  createdAt: Date;
  idempotencyKey: string | null;
  payloadBytes: number;
  hops: number;
  /** Whether the hub emitted it itself. */
  own: boolean;
  /** Whether it is routed. False for an event emitted in SQL until the hub has made its dispatches. */
  routed: boolean;
  /** Its faults by the definition of its kind, if it was stored with a warning, or emitted in SQL and refused. */
  invalid: InvalidEvent | null;
}

/** An event of a list. */
export interface ListedEvent extends EventSummary {
  /** How many of its dispatches have each status. */
  statuses: Partial<Record<DispatchStatus, number>>;
  /** What it is, if `page.about` is true. */
  about?: AboutEvent;
}

/** How many events are shown at most with the event that caused them. */
export const MAX_SHOWN_CAUSED = 100;

/** An event of the same chain. */
export type RelatedEvent = Pick<EventSummary, "id" | "createdAt" | "hops">;

/** An event with its payload, its dispatches, and the events before and after it. */
export interface EventDetail extends EventSummary {
  /** The span in which it was emitted, as W3C trace context. */
  traceparent: string | null;
  /** Its trace's id: 32 hex digits. */
  traceId: string | null;
  /**
   * The event whose consumer emitted it, or that another hub passed on; `null` if the emit did not say. It may belong to another hub, or retention
   * may have removed it.
   */
  causedBy: string | null;
  /** The events before it in its chain, from the first one on, as far as they are stored here. */
  ancestors: RelatedEvent[];
  /** The events that its consumers emitted with its context: the first {@link MAX_SHOWN_CAUSED}. */
  caused: RelatedEvent[];
  /** `null` once its retention has passed. */
  payload: EventPayload | null;
  /** The first 1,000. */
  dispatches: DispatchSummary[];
}

/** How many dispatches of one destination got one status in one bucket of time. */
export interface StatsRow {
  /** Where the bucket begins. */
  at: Date;
  destination: string;
  status: DispatchStatus;
  dispatches: number;
}

/** Results by time and destination. */
export interface Stats {
  since: Date;
  bucketSeconds: number;
  /** Dispatches by the moment of their result. */
  resulted: StatsRow[];
  /** Dispatches that are ongoing now, by destination. */
  ongoing: { destination: string; dispatches: number; oldest: Date }[];
}

/** Over which time, and in which buckets. */
export interface StatsOptions {
  /** Default a day ago. */
  since?: Moment;
  /** How long a bucket is: a word, or seconds; default `hour`. */
  bucket?: "minute" | "hour" | "day" | number;
}

/** Which traffic. */
export interface TrafficOptions extends StatsOptions {
  /** Default now. */
  until?: Moment;
  /** Only of this destination: its dispatches, and no events. */
  destination?: string;
  /** Only of this route of the destination. If there is much, a sample is read. */
  route?: string;
}

/** How much was emitted, how much was delivered, and how long that took. */
export interface Traffic {
  since: Date;
  bucketSeconds: number;
  /** Events by the time in their ids; for one destination, its dispatches. A bucket without any has a row, too. */
  emitted: { at: Date; events: number }[];
  /**
   * Dispatches by the moment of their result: `delivered` is complete or ignored, `failed` is failed, misconfigured or lost. A bucket without results
   * has a row, too.
   */
  resulted: { at: Date; delivered: number; failed: number }[];
  /**
   * As in {@link PeriodHealth}, for up to 500 dispatches per bucket, spread evenly over it. A bucket without results has no row. `bands` says how many of
   * those took how long: `bands[n]` of them took at least `LATENCY_BANDS_MS[n]` and less than the next one.
   */
  latency: { at: Date; sampled: number; p50Ms: number; p95Ms: number; p99Ms: number; bands: number[] }[];
  /** Dispatches that are ongoing now. */
  ongoing: number;
  /** True if a route had more dispatches than were looked at: its counts are then extrapolated from a sample. Otherwise all counts are exact. */
  estimated: boolean;
}

/** Which routes. */
export interface RouteHealthOptions {
  /** Only those of this destination. */
  destination?: string;
}

/** How a route did in the last 24 hours. Up to about 5,000 results of its destination are looked at, or fewer if many destinations share 20,000. */
export interface RouteHealth {
  route: string;
  destination: string;
  /** Dispatches that ended without an operator: counted if `exact`, otherwise extrapolated from the sample. */
  results: number;
  /** The share of complete and ignored among those that were looked at, 0 to 1. */
  successRate: number;
  /** As in {@link PeriodHealth}; `null` if nobody was called. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** How many of the route's results were looked at. */
  sampled: number;
  exact: boolean;
}

/**
 * About how many results of one destination and period its percentiles are computed from. It is fewer if many destinations share 5,000. If there are
 * no more results than this, the percentiles are exact.
 */
export const MAX_HEALTH_SAMPLE = 1_000;

/** As one period in `destination_health`, except that the percentiles come from a sample of up to {@link MAX_HEALTH_SAMPLE} results. */
export interface PeriodHealth {
  /** The share of complete and ignored among all that ended without an operator, 0 to 1; `null` if nothing did. */
  successRate: number | null;
  statuses: Record<Exclude<DispatchStatus, "ongoing">, number>;
  /** Milliseconds from the moment the last attempt was due to its result. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** A destination, its state and its health. */
export interface DestinationState {
  name: string;
  /**
   * Whether it is paused, or how its results are by its `rules`, by rate and by volume, as in the view `destination_states`. The rules are those that
   * the hub's last run had.
   */
  state: DestinationStateName;
  /** By what it is judged: `health` of the route configuration, or its own. */
  rules: HealthRules;
  /** Its kind as configured; `null` for a destination that only the database knows. */
  kind: string | null;
  pausedAt: Date | null;
  pausedBy: "operator" | "breaker" | null;
  pauseReason: string | null;
  /** True after a resume, while held dispatches are still being enqueued. */
  draining: boolean;
  /** While it drains: how many held dispatches are left, at which rate they go, and about when the last one will go. Otherwise `null`. */
  drain: { rest: number; perSecond: number; until: Date } | null;
  ongoing: number;
  oldestOngoing: Date | null;
  /** Its limits and order; `null` if it never had any. */
  flow: DestinationFlow | null;
  /**
   * How many of its dispatches may share a Workflow instance, for an hour from `since` on; it is fewer than its `groupSize`. `by` is the platform's
   * message when it refused a call of a larger group, or `slow`. `null`: as many as its `groupSize` allows.
   */
  groupLimit: { size: number; since: Date; by: string } | null;
  hour: PeriodHealth;
  day: PeriodHealth;
}

/** A destination that is paused, or that was paused and still drains. */
export type PausedDestination = Pick<
  DestinationState,
  "name" | "pausedAt" | "pausedBy" | "pauseReason" | "draining" | "ongoing"
>;
