/** The contract of operators: what needs an operator. */

import type { IncidentState, StatusThatIs } from "../vocabulary/statuses.ts";
import type { Moment } from "./operator.ts";

/** A note on an incident. */
export interface IncidentNote {
  at: Date;
  actor: string;
  text: string;
}

/**
 * An incident: dispatches that ended without success in the same way, with at most an hour from one to the next, and have not been retried. The view
 * `incidents` has the same.
 */
export interface FailureGroup {
  destination: string;
  status: StatusThatIs<"unhappy">;
  /** The reason of the newest one. */
  reason: string | null;
  /** How many reasons it has; they differ only in numbers and ids. */
  reasons: number;
  dispatches: number;
  /** When the first of them ended. */
  first: Date;
  /** When the last of them ended. */
  last: Date;
  /** The last of them. */
  example: string;
  /** Made from destination, status and cause; notes are stored under it. */
  key: string;
  state: IncidentState;
  /** How many ended in each twenty-fourth of the time from `since` until now. */
  overTime: number[];
  /** The newest five notes on this cause, including those of earlier incidents; the newest first. */
  notes: IncidentNote[];
}

/** Dispatches of one destination whose last attempt failed in the same way, and that are tried again. The view `retrying` has the same. */
export interface RetryingGroup {
  destination: string;
  /** Up to 5,000 of each destination, and 20,000 in all, shared evenly between them, are counted: those that are due next. */
  dispatches: number;
  /** False if there are more than were counted. */
  exact: boolean;
  /** Why the last attempt failed, of one of them; empty if it said nothing. */
  reason: string;
  /** How many reasons there are; they differ only in numbers and ids. */
  reasons: number;
  /**
   * When the first of the oldest twenty that were counted failed for the first time; `null` if that attempt is not stored. Unless `exact`, others may
   * have failed for longer.
   */
  since: Date | null;
  /** When the next attempt is due; `null` if all that were counted are due now. */
  nextAttemptAt: Date | null;
  /** The oldest that was counted. */
  example: string;
}

/** What is overdue at one destination. */
export interface OverdueGroup {
  destination: string;
  dispatches: number;
  /** When the dispatch that waits longest was due. */
  oldest: Date;
  /** That dispatch. */
  example: string;
}

/**
 * A part of the deployment that does nothing: the hub or the executor, if nothing calls it, or the consumer of the queue. Or, if none of these is known,
 * that nothing is delivered.
 */
export interface SetupFault {
  fault: "hub_silent" | "executor_silent" | "queue_unconsumed" | "nothing_delivered";
  /** Since when at least. */
  since: Date;
  /** What is wrong, for people. */
  what: string;
  /** What to do. */
  todo: string;
}

/** Which problems. */
export interface ProblemsOptions {
  /** Failures since this moment; default a day ago. */
  since?: Moment;
  /** Only of this destination. */
  destination?: string;
}

/** What needs an operator. */
export interface Problems {
  since: Date;
  /** Parts of the deployment that are missing, as far as the database can tell. */
  setup: SetupFault[];
  /**
   * What has ended without success since then and was not retried: the twenty worst incidents. They are sorted by the order of magnitude of their
   * dispatches, then those that still fail, then the newest.
   */
  failures: FailureGroup[];
  /** How many dispatches all incidents have together. */
  failed: number;
  /**
   * What has failed and is tried again, without what a pause holds: the twenty largest groups. They are sorted by the order of magnitude of their
   * dispatches, then by how long they have failed.
   */
  retrying: RetryingGroup[];
  /** Overdue now, longest first. */
  overdue: OverdueGroup[];
  /** False if there was more than could be read. The counts are then those of the newest failures and the oldest overdue dispatches. */
  exact: boolean;
}
