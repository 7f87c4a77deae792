/** The contract of operators, as far as limits and order of destinations go. */

import type { FlowRules } from "../config/destinations/flow.ts";
import type { DispatchWait, FlowBlock, KeyOf, KeyWait } from "../vocabulary/statuses.ts";

/** What a dispatch of a destination with limits or an order waits for, as in `waiting_dispatches`. */
export interface DispatchWaiting {
  for: DispatchWait;
  /** How many are before it, up to 10,000: of its order; if it is the first of it or has none, those of its key that were due earlier. */
  ahead: number;
  /** The first of its order, if that is another one. */
  head: string | null;
  /** The dispatch that failed for good and holds its order. */
  heldBy: string | null;
}

/** Limits that an operator sets for a while: `null` lifts one, what is left out stays as configured. */
export interface FlowLimits {
  rate?: { limit: number; perSeconds: number /** Default 1. */; burst?: number } | null;
  concurrency?: number | null;
  /** Of a key only: how many turns it takes beside the others, which take one. */
  weight?: number;
}

/** What `setFlow` sets: of a destination, or of one of its keys. */
export interface FlowSetting extends FlowLimits {
  key?: string;
  /** Until when it holds: a Date, or ISO 8601 text with its zone, at most 30 days from now on. */
  until: Date | string;
}

/** A destination's limits and order, and how it stands with them. */
export interface DestinationFlow {
  /** As configured; `null` if the configuration has none, or is not known. */
  rules: FlowRules | null;
  /** Calls under way, or about to be. */
  inFlight: number;
  /** Calls that were given out in the last 60 seconds, about. */
  callsLastMinute: number;
  /** Which of its own limits was reached when somebody last looked, if that is not over. */
  blocked: FlowBlock | null;
  /** No call begins before: it has asked for that. */
  coolUntil: Date | null;
  lookedAt: Date | null;
  /** Limits that an operator has set for a while. */
  override: FlowLimits | null;
  overrideUntil: Date | null;
}

/** One key of a destination with limits or an order, as in the views `flow` and `flow_orders`. Counts stop at 10,000. */
export interface FlowState {
  destination: string;
  /** A key by which limits count, or one within which an order holds. */
  of: KeyOf;
  /** Empty: all that have no key. */
  key: string;
  /** Dispatches that may be called as soon as they are due and the limits allow; of an order all that are not called yet. */
  waiting: number;
  /** Of a key of limits: dispatches that stand behind another one in their order. */
  behind: number;
  inFlight: number;
  /** Calls that were given out in the last 60 seconds, about; `null` of an order. */
  callsLastMinute: number | null;
  /** Of an order: its first dispatch, which the others wait for. */
  head: string | null;
  /** When the first of those that wait was, or is, due. */
  oldestDue: Date | null;
  waitingFor: KeyWait | null;
  /** When it is looked at again, if it is asleep. */
  wakeAt: Date | null;
  pausedAt: Date | null;
  pauseReason: string | null;
  /** Dispatches that failed for good and hold their order, the first of them, and that order's key. */
  held: number;
  heldBy: string | null;
  heldOrder: string | null;
  override: FlowLimits | null;
  overrideUntil: Date | null;
}

/** Which key an operator holds or lets go. */
export interface KeyOptions {
  /** Default: `limits` if the destination has a limit with a key, `order` if it has only an order. */
  of?: KeyOf;
  reason?: string;
}

/** Which keys: all that is given must hold. */
export interface FlowFilter {
  /** Keys of `limits` (default), or of an `order`. */
  of?: KeyOf;
  destination?: string;
  key?: string;
  waitingFor?: KeyWait | readonly KeyWait[];
  /** Whether something that failed for good holds an order of it. */
  held?: boolean;
}

export interface FlowPageOptions {
  /** `key` (default), or of some thousand keys those with most waiting first: that is one page, without a cursor. */
  order?: "key" | "busiest";
  /** Most keys; 1 to 500, default 50. */
  limit?: number;
  /** The `cursor` of the page before, with the same filter. */
  cursor?: string;
}

/** What a released key goes on without, and with. */
export interface ReleasedKey {
  released: string[];
  /** The dispatch that is called next; `null` if nothing waited. */
  next: string | null;
}
