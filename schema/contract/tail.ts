/** The contract of the live tail: what happened recently, as the hub's entrypoint `Operator` reports it. */

import type { DispatchStatus, ExecutionResult } from "../vocabulary/statuses.ts";

/** What a tail contains: an event that was saved, an attempt that did not end its dispatch, a dispatch that reached a final status. */
export const TAILED = ["event", "attempt", "result"] as const;

export type Tailed = (typeof TAILED)[number];

/** What a tail shows. */
export interface TailOptions {
  /** Only these; default all. */
  only?: readonly Tailed[];
  /** Most items, the newest; 1 to 1,000, default 200. */
  limit?: number;
  /** The `at` of the previous answer: `missed` counts from that time on. Default a minute ago. */
  after?: Date | string;
}

/** What all items of a tail have. */
export interface TailedItem {
  /** Identifies the item: the same in each answer that contains it. */
  key: string;
  /** When it happened, by the database's clock. */
  at: Date;
  eventId: string;
  /** The member `kind` or `type` of the payload; `null` if it has none, or the payload is gone. */
  kind: string | null;
}

/** An event that was saved. */
export interface TailedEvent extends TailedItem {
  what: "event";
  /** How many dispatches it has now. */
  dispatches: number;
  /** Whether it is routed. False for an event emitted in SQL until the hub has made its dispatches. */
  routed: boolean;
  /** Whether it does not match the definition of its kind and makes no dispatches. */
  refused: boolean;
}

/** What all items about a dispatch have. */
export interface TailedDispatch extends TailedItem {
  dispatchId: string;
  destination: string;
  route: string;
  reason: string | null;
}

/** An attempt that did not end its dispatch. */
export interface TailedAttempt extends TailedDispatch {
  what: "attempt";
  attempt: number;
  result: ExecutionResult;
  /** How long the call took, in milliseconds. */
  tookMs: number;
  /** When the next one is due; `null` if there is none, or if it has already been made. */
  nextAttemptAt: Date | null;
}

/** A dispatch that got its final status. */
export interface TailedResult extends TailedDispatch {
  what: "result";
  status: Exclude<DispatchStatus, "ongoing">;
  /** How many there were. */
  attempts: number;
  /** From the dispatch's creation to its result, in milliseconds. */
  tookMs: number;
}

/** An item of a tail; `what` says which. */
export type TailItem = TailedEvent | TailedAttempt | TailedResult;

/** What happened in the last minute. */
export interface Tail {
  /** When the database looked. */
  at: Date;
  /**
   * The newest items, oldest first. Each call covers the last minute, whatever earlier calls returned, because a row's time is before the commit that
   * shows it. To follow, skip the keys that you already have.
   */
  items: TailItem[];
  /** How many items since `after` were not read, or are not in the answer: the hub is busier than a tail can show. */
  missed: number;
  /** False if there is more than `missed` says: at most 10,000 of each type are counted. */
  exact: boolean;
}
