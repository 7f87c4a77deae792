/** What is true of a dispatch in a status. */
interface StatusFacts {
  /** It never changes again. */
  readonly final: boolean;
  /** The destination has it, or has said that it wants none of it. */
  readonly delivered: boolean;
  /** It ended without success, and not because somebody wanted it so: what a bulk retry takes, and what an operator is shown first. */
  readonly unhappy: boolean;
  /** An attempt gave it: it is also what an execution can result in. */
  readonly called: boolean;
}

/**
 * Every status of a dispatch, in the order of a dispatch's life. What has to be decided by a status is a fact here: SQL, types, the console's
 * colours and the commands' lists derive from them.
 */
export const STATUSES = {
  /** An attempt is under way or still to come. */
  ongoing: {
    final: false,
    delivered: false,
    unhappy: false,
    called: false,
  },
  /** The destination has taken it. */
  complete: {
    final: true,
    delivered: true,
    unhappy: false,
    called: true,
  },
  /** The destination has no use for it. */
  ignored: {
    final: true,
    delivered: true,
    unhappy: false,
    called: true,
  },
  /** All its retries are spent, or the destination refused it for good. */
  failed: {
    final: true,
    delivered: false,
    unhappy: true,
    called: true,
  },
  /** The destination's binding, its method, or what its route makes of the payload is at fault. */
  misconfigured: {
    final: true,
    delivered: false,
    unhappy: true,
    called: true,
  },
  /** The executor gave it up without the destination's word. */
  lost: {
    final: true,
    delivered: false,
    unhappy: true,
    called: false,
  },
  /** An operator has cancelled it. */
  cancelled: {
    final: true,
    delivered: false,
    unhappy: false,
    called: false,
  },
} as const satisfies Readonly<Record<string, StatusFacts>>;

/** A dispatch's status. `ongoing` is the only one that ever changes. */
export type DispatchStatus = keyof typeof STATUSES;

/** The statuses of which a fact is true. */
export type StatusThatIs<F extends keyof StatusFacts> = {
  [S in DispatchStatus]: (typeof STATUSES)[S][F] extends true ? S : never;
}[DispatchStatus];

/** As a tuple, since drizzle and valibot want to see that there is one at least. */
type Several<T> = readonly [T, ...T[]];

const statusesThatAre = <F extends keyof StatusFacts>(fact: F) =>
  DISPATCH_STATUSES.filter((status) => STATUSES[status][fact]) as unknown as Several<StatusThatIs<F>>;

export const DISPATCH_STATUSES = Object.keys(STATUSES) as unknown as Several<DispatchStatus>;
export const FINAL_STATUSES = statusesThatAre("final");
export const DELIVERED_STATUSES = statusesThatAre("delivered");
export const UNHAPPY_STATUSES = statusesThatAre("unhappy");

/** What one attempt gave. */
export const EXECUTION_RESULTS = statusesThatAre("called");
export type ExecutionResult = StatusThatIs<"called">;

/** True for a status that never changes again. */
export const isFinal = (status: DispatchStatus): boolean => STATUSES[status].final;

/** True for a status that means delivered. */
export const isDelivered = (status: DispatchStatus): boolean => STATUSES[status].delivered;

/** True for a status of which an operator should know. */
export const isUnhappy = (status: DispatchStatus): boolean => STATUSES[status].unhappy;

/** What operators do, and the breaker for them; each leaves a row in `operations`. */
export const OPERATION_ACTIONS = [
  "retry_dispatch",
  "retry_dispatches",
  "replay_events",
  "cancel_dispatch",
  "cancel_dispatches",
  "pause_destination",
  "resume_destination",
  "pause_key",
  "resume_key",
  "set_flow",
  "reset_flow",
  "release_key",
] as const;
export type OperationAction = (typeof OPERATION_ACTIONS)[number];

/** Bulk work is `running` until it has seen all that its filter finds, or has reached its limit. */
export const OPERATION_STATES = ["running", "finished"] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** What keeps a whole key of a limited destination waiting, beside its turn. */
export const FLOW_BLOCKS = ["rate", "concurrency", "cooldown"] as const;
export type FlowBlock = (typeof FLOW_BLOCKS)[number];

/**
 * What a whole key waits for: `held` by one of its order that failed for good, `time` until something of it is due, `turn` for nothing but that
 * others of its destination have theirs.
 */
export const KEY_WAITS = ["pause", "held", "time", ...FLOW_BLOCKS, "turn"] as const;
export type KeyWait = (typeof KEY_WAITS)[number];

/**
 * What a dispatch of a limited or ordered destination waits for: the pause of its destination or key, the drain after one; one of its order
 * that holds it, or that is before it; its time; a limit, of its key or of the whole destination; or only its turn.
 */
export const DISPATCH_WAITS = ["pause", "key_pause", "drain", "held", "order", "time", ...FLOW_BLOCKS, "turn"] as const;
export type DispatchWait = (typeof DISPATCH_WAITS)[number];

/** What a key is of: limits count by it, or an order holds within it. */
export const KEYS_OF = ["limits", "order"] as const;
export type KeyOf = (typeof KEYS_OF)[number];
