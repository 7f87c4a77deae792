/** The messages between the campaign and its Workers over HTTP. Types only: both sides of the wire read them. */

/** What a consumer does at one attempt. */
export type Act =
  | { kind: "answer"; value: unknown; afterMs?: number }
  | { kind: "throw" }
  | { kind: "hang" }
  | { kind: "huge" };

/** What a webhook's receiver does with one request. */
export type Reply = { status: number; afterMs?: number; retryAfter?: number; bytes?: number } | "hang" | "cut";

/**
 * The payload of the campaign's events. `n` is its number, and `to` chooses its routes. The n-th attempt does the n-th act, or the n-th request of a
 * webhook gets the n-th reply; further ones repeat the last.
 */
export interface ChaosPayload {
  n: number;
  to: string;
  /** The key for limits and orders. */
  key?: string;
  script: Act[];
  replies?: Reply[];
  filler?: string;
}

/** How a consumer answered: in the contract's words, or with something else. */
export type Answer = "complete" | "ignored" | "failed" | "failed for good" | "throw" | "garbage" | "huge";

/** The dispatch that a destination was called for or, in a message, only its event. */
export type About = { dispatchId: string } | { eventId: string };

/** `POST /call/start`: a destination has been called. `attempt` is set if the call tells it. */
export type CallStart = About & {
  call: string;
  attempt?: number;
  destination: string;
};

/** `POST /arrival`: something exists at a destination, where it is known as `as`, with the number of the event that it holds. */
export type Arrived = About & {
  destination: string;
  as: string;
  n: number;
};

/** `POST /call/end`: the destination is about to answer. */
export interface CallEnd {
  call: string;
  answer: Answer;
  /** The wait that it asks for. */
  retryAfterSeconds?: number | undefined;
}

/** The places at which a Worker asks whether something should go wrong. */
export type Place =
  | "queue.send"
  | "queue.consume"
  | "instances.create"
  | "instances.get"
  | "workflow.version"
  | "alarm"
  | "alarm.done"
  | "consumer"
  | "destination";

/** An object of the bucket, as it is read back at the end. */
export interface StoredObject {
  key: string;
  dispatchId: string;
  n: number;
}

/** `POST /decide`: what should go wrong, if anything. */
export interface Decision {
  fault: string | null;
  /** For faults that take time. */
  ms: number;
}

/** `POST /instances`: Workflow instances that were requested from the engine, each as `<binding>/<id>`. */
export interface Asked {
  instances: string[];
}

/** `POST /operate`: a method of the hub's operators, with its arguments. */
export interface Operated {
  method: string;
  args: unknown[];
}

/** What an operator may do to an instance. */
export type InstanceAct = "pause" | "resume" | "terminate" | "restart" | "delete";

/** The result of a sweep: instances that have ended and are deleted, and those of them that ended `errored`; each as `<binding>/<id>`. */
export interface Swept {
  deleted: string[];
  errored: string[];
}
