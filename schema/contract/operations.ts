/** The contract of operators: what they may do, what a dry run says about it, and what became of it. */

import type { Role } from "../vocabulary/roles.ts";
import type { DispatchStatus, OperationAction, OperationOutcomeName, OperationState } from "../vocabulary/statuses.ts";

/** Who acts, and the id with which an action can be repeated. */
export interface ActionOptions {
  /** Stored in `operations`; default: the binding's `props.actor`, or `operator`. */
  actor?: string;
  /** What the actor may do. The hub refuses every action of a `reader`, except dry runs. Default `operator`. Only over RPC. */
  role?: Role;
  /** UUID of the operation, made by the caller. The same call with the same id continues where the first stopped, and does nothing twice. */
  operationId?: string;
}

/** How bulk work goes. */
export interface BulkOptions extends ActionOptions {
  /** Only say what would be done. */
  dryRun?: boolean;
  /** Most dispatches (or events) to deal with, default 100,000. */
  limit?: number;
  /** The result of a dry run of the same work. It is stored with the operation, to show its progress. */
  expected?: ExpectedDispatches;
}

/** How many dispatches bulk work makes or cancels, according to its preview. */
export interface ExpectedDispatches {
  dispatches: number;
  /** Whether the preview counted to the end. */
  exact: boolean;
}

/** What a retry changes compared with the dispatch that it repeats. */
export interface RetryOverrides {
  /** Default: as the dispatch has it. */
  maxRetries?: number;
  /** Default: as the dispatch has it. */
  timeoutSeconds?: number;
  /** How long it waits before its first attempt; default 0. */
  delaySeconds?: number;
}

/** How a bulk retry goes. */
export interface RetryManyOptions extends BulkOptions {
  /** How many new dispatches become due per second, 1 to 10,000; default 50: thousands at once would be the next incident. */
  perSecond?: number;
}

/** How a replay goes. */
export interface ReplayOptions extends RetryManyOptions {
  /** `same`: the destinations that the event had. `current`: those that the configuration gives it now. */
  routing: "same" | "current";
}

/** Which operations to list: all given conditions must hold. */
export interface OperationFilter {
  actor?: string;
  action?: OperationAction;
  /** Begun at this moment (a Date, or ISO 8601 with its zone) or later. */
  since?: Date | string;
  /** Begun before this moment. */
  until?: Date | string;
}

/** Which page of the operations. */
export interface OperationPageOptions {
  /** Default 100, at most 500. */
  limit?: number;
  /** Continues after the operation with this id: the last one of the previous page. */
  after?: string;
}

/** What an operator has done, or is doing. */
export interface Operation {
  id: string;
  actor: string;
  action: OperationAction;
  /** What the call gave. */
  arguments: Readonly<Record<string, unknown>>;
  /** While it is `running`, the hub continues it. */
  state: OperationState;
  /** Dispatches or events looked at so far. */
  examined: number;
  /** Dispatches made, cancelled or held so far. */
  affected: number;
  /** The result of its preview; `null` if the caller did not pass it. */
  expected: ExpectedDispatches | null;
  /** Who has stopped it; `null` if nobody did. */
  stoppedBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** When it finished or was stopped. */
  finishedAt: Date | null;
  /** What became of the dispatches that it made; `null` for an action that makes none. */
  outcome: OperationOutcome | null;
}

/**
 * What became of the dispatches that an operation made. Only the first `counted` of them are counted: up to 100,000 for one operation, and up to
 * 1,000 for each operation in a list of a hundred.
 */
export interface OperationOutcome {
  name: OperationOutcomeName;
  /** How many are counted. Fewer than `affected` if it made more than that, or if retention has removed some. */
  counted: number;
  /** Complete or ignored. */
  delivered: number;
  /** Failed, misconfigured or lost. */
  failed: number;
  /** How many of those that failed were retried manually since. */
  retried: number;
  /** Ongoing, and held by a pause of their destination or their key. */
  held: number;
  /** Ongoing, and not held. */
  ongoing: number;
  /** By operators. */
  cancelled: number;
  /** How many are still to be made; `null` if it makes no more, or if the total is unknown. At least this many if the preview was not exact. */
  remaining: number | null;
  /** In about how many seconds the last of them is due, at the rate so far; `null` if it is not running, or nothing is known. */
  secondsLeft: number | null;
}

/** What bulk work would do. */
export interface DispatchesDryRun {
  /** Whether the work, started now, would deal with exactly `dispatches`. False if the time ran out before all were counted. */
  exact: boolean;
  /** Whether `limit` was reached: the work would leave newer dispatches alone. */
  limited: boolean;
  dispatches: number;
  /** For a retry: how many match the filter but are left out, because retention has removed their payload. */
  skipped?: number;
  /** The same by destination and status. */
  groups: { destination: string; status: DispatchStatus; dispatches: number }[];
  /** For a retry: how many belong to an order that has gone on without them, so that they are called after later ones. */
  outOfOrder?: number;
}

/** What a replay would do. */
export interface ReplayDryRun {
  /** As in {@link DispatchesDryRun}. */
  exact: boolean;
  /** As in {@link DispatchesDryRun}. */
  limited: boolean;
  /** How many events the filter finds. */
  events: number;
  /** Events whose payload is gone. */
  skipped: number;
  /** How many the chosen routing would create. */
  dispatches: number;
  /** How many of them belong to an order: they are called after everything that is in it now. */
  outOfOrder: number;
  /** What the chosen routing would create (`dispatches`), and what each of the two routings would create. */
  destinations: { destination: string; dispatches: number; same: number; current: number }[];
  /** How many events the two routings differ for. */
  differing: number;
  /** The first ten of those events. */
  examples: { eventId: string; same: string[]; current: string[] }[];
}
