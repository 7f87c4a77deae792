/** The contract of operators, for limits and order of destinations. */

import type { FlowRules } from "../config/destinations/flow.ts";
import type { DispatchWait, FlowBlock, KeyOf, KeyWait } from "../vocabulary/statuses.ts";
import type { ActionOptions } from "./operations.ts";

/** What a dispatch of a destination with limits or an order waits for, as in `waiting_dispatches`. */
export interface DispatchWaiting {
  for: DispatchWait;
  /** How many are ahead of it, up to 10,000: those of its order. If it is the first of its order or has none: those of its key that were due earlier. */
  ahead: number;
  /** The first dispatch of its order, if that is another one. */
  head: string | null;
  /** The dispatch that failed for good and holds its order. */
  heldBy: string | null;
}

/** Limits that an operator sets for a while. `null` lifts a limit; what is left out stays as configured. */
export interface FlowLimits {
  /** At most `limit` calls in `perSeconds`, and `burst` (default 1) of them at once. */
  rate?: { limit: number; perSeconds: number; burst?: number } | null;
  /** How many calls may be in flight at once. */
  concurrency?: number | null;
  /** Only for a key: how many turns it gets compared with others, which get one. */
  weight?: number;
}

/** What `setFlow` sets, for a destination or for one of its keys. */
export interface FlowSetting extends FlowLimits {
  /** For this key; without it, for the whole destination. */
  key?: string;
  /** Until when it applies: a Date, or ISO 8601 text with its zone, at most 30 days from now. */
  until: Date | string;
}

/** A destination's limits and order, and their current state. */
export interface DestinationFlow {
  /** As configured; `null` if the configuration has none, or is not known. */
  rules: FlowRules | null;
  /** Calls in flight, or about to begin. */
  inFlight: number;
  /** About how many calls were admitted in the last 60 seconds. */
  callsLastMinute: number;
  /** Which of its own limits was reached when somebody last looked, unless that is over. */
  blocked: FlowBlock | null;
  /** No call begins before this moment: the destination asked for a wait. */
  coolUntil: Date | null;
  lookedAt: Date | null;
  /** Limits that an operator has set for a while. */
  override: FlowLimits | null;
  overrideUntil: Date | null;
}

/** One key of a destination with limits or an order, as in the views `flow` and `flow_orders`. Counts stop at 10,000. */
export interface FlowState {
  destination: string;
  /** Whether it is a key of limits, or of an order. */
  of: KeyOf;
  /** The key; empty for all events that have none. */
  key: string;
  /** Dispatches that may be called as soon as they are due and the limits allow; of an order all that are not called yet. */
  waiting: number;
  /** For a key of limits: dispatches that are behind another one in their order. */
  behind: number;
  inFlight: number;
  /** About how many calls were admitted in the last 60 seconds; `null` for an order. */
  callsLastMinute: number | null;
  /** For an order: its first dispatch, for which the others wait. */
  head: string | null;
  /** When the earliest of those that wait was or is due. */
  oldestDue: Date | null;
  waitingFor: KeyWait | null;
  /** When it is next checked, if it has nothing to do until then. */
  wakeAt: Date | null;
  pausedAt: Date | null;
  pauseReason: string | null;
  /** How many dispatches failed for good and hold their order. */
  held: number;
  /** The first of those dispatches. */
  heldBy: string | null;
  /** The key of the order that it holds. */
  heldOrder: string | null;
  /** Limits that an operator has set for a while. */
  override: FlowLimits | null;
  overrideUntil: Date | null;
}

/** Which key an operator pauses or resumes. */
export interface KeyOptions {
  /** Default: `limits` if the destination has a limit with a key, `order` if it has only an order. */
  of?: KeyOf;
  reason?: string;
}

/** What goes back to the configured limits. */
export interface ResetFlowOptions extends ActionOptions {
  /** This key; without it, the whole destination. */
  key?: string;
}

/** Which keys: all given conditions must hold. */
export interface FlowFilter {
  /** Keys of `limits` (default), or of an `order`. */
  of?: KeyOf;
  destination?: string;
  key?: string;
  waitingFor?: KeyWait | readonly KeyWait[];
  /** Whether a dispatch that failed for good holds an order of it. */
  held?: boolean;
}

/** Which page of the keys, and in which order. */
export interface FlowPageOptions {
  /** By `key` (default), or `busiest`: of some thousand keys, those with the most waiting first. That is a single page, without a cursor. */
  order?: "key" | "busiest";
  /** Most keys; 1 to 500, default 50. */
  limit?: number;
  /** The `cursor` of the page before, with the same filter. */
  cursor?: string;
}

/** What a released key continues without, and with. */
export interface ReleasedKey {
  /** The dispatches that held it. */
  released: string[];
  /** The dispatch that is called next; `null` if nothing waited. */
  next: string | null;
}
