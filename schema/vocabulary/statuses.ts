/** What the advice on a dispatch depends on. */
interface Advised {
  destination: string;
  attempts: number;
  maxRetries: number;
}

/** The facts about a dispatch's status. */
type StatusFacts = {
  /** It never changes again. */
  readonly final: boolean;
  /** The destination has the dispatch, or has said that it does not want it. */
  readonly delivered: boolean;
  /** It is the result of an attempt, so an execution can have it, too. */
  readonly called: boolean;
  /** In the console: its colour, one of colors.css. */
  readonly tone: "good" | "calm" | "busy" | "bad" | "warn" | "lost" | "off";
  /** In the console: the name of its shape in Icon.tsx, since statuses must not differ in colour only. */
  readonly icon: string;
} & (
  | { readonly unhappy: false }
  | {
      /** It ended without success, and nobody intended that. A bulk retry takes these dispatches, and operators see them first. */
      readonly unhappy: true;
      /** In the console: what it means, and what to do about it, in a sentence or two. */
      readonly advice: (dispatch: Advised) => string;
    }
);

/**
 * Every status of a dispatch, in the order of a dispatch's life. Whatever depends on a status is a fact here. SQL, types, the console's colours and
 * shapes, the commands' lists and the table on the page of concepts, which has these comments, derive from these facts.
 */
export const STATUSES = {
  /** It is being called, or waits: for its time, its retry, its turn, or the end of a pause. */
  ongoing: { final: false, delivered: false, unhappy: false, called: false, tone: "busy", icon: "clock" },
  /** The destination has accepted it. */
  complete: { final: true, delivered: true, unhappy: false, called: true, tone: "good", icon: "dot" },
  /** The destination has accepted it, but has no use for it. */
  ignored: { final: true, delivered: true, unhappy: false, called: true, tone: "calm", icon: "dash" },
  /** It has used up its retries, or the destination has refused it for good. */
  failed: {
    final: true,
    delivered: false,
    unhappy: true,
    called: true,
    tone: "bad",
    icon: "failed",
    advice: ({ destination, attempts, maxRetries }) =>
      attempts > maxRetries
        ? `All ${attempts} attempts failed. Once ${destination} works again, retry it.`
        : `${destination} said that no other attempt can succeed. Correct the cause, then retry it.`,
  },
  /** It leads to a binding or method that does not exist, or its route has a transform that fails. */
  misconfigured: {
    final: true,
    delivered: false,
    unhappy: true,
    called: true,
    tone: "warn",
    icon: "alert",
    advice: ({ destination }) =>
      `The executor cannot reach ${destination}: bind it under that name (and deploy the executor), or remove the route. Then retry it.`,
  },
  /** The executor has given it up without an answer from the destination. */
  lost: {
    final: true,
    delivered: false,
    unhappy: true,
    called: false,
    tone: "lost",
    icon: "question",
    advice: () =>
      "Its Workflow instances ended again and again before an attempt could be recorded. Look the instance up in Cloudflare's dashboard, then retry it.",
  },
  /** An operator has cancelled it. */
  cancelled: { final: true, delivered: false, unhappy: false, called: false, tone: "off", icon: "slash" },
} as const satisfies Readonly<Record<string, StatusFacts>>;

/** A dispatch's status. `ongoing` is the only one that ever changes. */
export type DispatchStatus = keyof typeof STATUSES;

/** The facts that are true or false. */
type Fact = "final" | "delivered" | "unhappy" | "called";

/** The statuses for which a fact is true. */
export type StatusThatIs<F extends Fact> = {
  [S in DispatchStatus]: (typeof STATUSES)[S][F] extends true ? S : never;
}[DispatchStatus];

/** As a tuple, since drizzle and valibot require at least one member. */
type Several<T> = readonly [T, ...T[]];

const statusesThatAre = <F extends Fact>(fact: F) =>
  DISPATCH_STATUSES.filter((status) => STATUSES[status][fact]) as unknown as Several<StatusThatIs<F>>;

export const DISPATCH_STATUSES = Object.keys(STATUSES) as unknown as Several<DispatchStatus>;
export const FINAL_STATUSES = statusesThatAre("final");
export const DELIVERED_STATUSES = statusesThatAre("delivered");
export const UNHAPPY_STATUSES = statusesThatAre("unhappy");

/** The statuses of dispatches that somebody has ended: neither a success nor a failure of the destination. */
export const CALLED_OFF_STATUSES: readonly DispatchStatus[] = FINAL_STATUSES.filter(
  (status) => !STATUSES[status].delivered && !STATUSES[status].unhappy,
);

/** The results of an attempt. */
export const EXECUTION_RESULTS = statusesThatAre("called");
export type ExecutionResult = StatusThatIs<"called">;

/** True for a status that never changes again. */
export const isFinal = (status: DispatchStatus): boolean => STATUSES[status].final;

/** True for a status that means delivered. */
export const isDelivered = (status: DispatchStatus): boolean => STATUSES[status].delivered;

/** True for a status that an operator should know about. */
export const isUnhappy = (status: DispatchStatus): boolean => STATUSES[status].unhappy;

/** The actions of operators, and of the breaker on their behalf. Each leaves a row in `operations`. */
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
  "stop_operation",
  "note_incident",
] as const;
export type OperationAction = (typeof OPERATION_ACTIONS)[number];

/** The actions that make dispatches, which refer to their operation. */
export const MAKING_ACTIONS = [
  "retry_dispatch",
  "retry_dispatches",
  "replay_events",
] as const satisfies readonly OperationAction[];

/** Bulk work is `running` until it has seen everything that its filter finds, has reached its limit, or somebody has `stopped` it. */
export const OPERATION_STATES = ["running", "finished", "stopped"] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/**
 * What became of the dispatches that an operation made. The first that is true: it made none; retention has removed them; all failed; some failed; it
 * is still making dispatches; some are in flight or held; operators cancelled some; all were delivered.
 */
export const OPERATION_OUTCOMES = [
  "nothing",
  "removed",
  "failed",
  "partly_failed",
  "running",
  "ongoing",
  "cancelled",
  "delivered",
] as const;
export type OperationOutcomeName = (typeof OPERATION_OUTCOMES)[number];

/** What blocks a whole key of a destination with limits, apart from its turn. */
export const FLOW_BLOCKS = ["rate", "concurrency", "cooldown"] as const;
export type FlowBlock = (typeof FLOW_BLOCKS)[number];

/**
 * What a whole key waits for. `held`: a dispatch of its order failed for good. `time`: nothing of it is due yet. `turn`: only the other keys of its
 * destination are before it.
 */
export const KEY_WAITS = ["pause", "held", "time", ...FLOW_BLOCKS, "turn"] as const;
export type KeyWait = (typeof KEY_WAITS)[number];

/**
 * What a dispatch of a destination with limits or an order waits for: a pause of its destination or key, or the drain after one; a dispatch of its
 * order that holds it, or that comes first; its time; a limit of its key or of the whole destination; or only its turn.
 */
export const DISPATCH_WAITS = ["pause", "key_pause", "drain", "held", "order", "time", ...FLOW_BLOCKS, "turn"] as const;
export type DispatchWait = (typeof DISPATCH_WAITS)[number];

/** What a key belongs to: a limit that counts by it, or an order. */
export const KEYS_OF = ["limits", "order"] as const;
export type KeyOf = (typeof KEYS_OF)[number];

/**
 * The state of an incident. `failing`: something failed in this way within ten minutes. `stopped`: nothing has failed since then, and its destination
 * has accepted other dispatches. `quiet`: nothing has failed since, and nothing was delivered.
 */
export const INCIDENT_STATES = ["failing", "stopped", "quiet"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];
