/** What the campaign and its Workers tell each other over HTTP. Types only: both sides of the wire read them. */

/** What a consumer does at one attempt. */
export type Act =
  | { kind: "answer"; value: unknown; afterMs?: number }
  | { kind: "throw" }
  | { kind: "hang" }
  | { kind: "huge" };

/** What a webhook's receiver does with one request. */
export type Reply = { status: number; afterMs?: number; retryAfter?: number; bytes?: number } | "hang" | "cut";

/**
 * The payload of the campaign's events: `n` names it, `to` chooses its routes, and the n-th attempt does the n-th act, or the n-th request of a
 * webhook gets the n-th reply (the last for all further ones).
 */
export interface ChaosPayload {
  n: number;
  to: string;
  /** What limits and orders go by. */
  key?: string;
  script: Act[];
  replies?: Reply[];
  filler?: string;
}

/** How a consumer answered: in the contract's words, or what came instead of them. */
export type Answer = "complete" | "ignored" | "failed" | "failed for good" | "throw" | "garbage" | "huge";

/** What a destination is for, as far as it is told: of the dispatch or, in a message, of the event alone. */
export type About = { dispatchId: string } | { eventId: string };

/** `POST /call/start`: a destination has been called; `attempt` if the call tells. */
export type CallStart = About & {
  call: string;
  attempt?: number;
  destination: string;
};

/** `POST /arrival`: something is there at a destination, known there as `as`, with the number of the event that it holds. */
export type Arrived = About & {
  destination: string;
  as: string;
  n: number;
};

/** `POST /call/end`: it is about to answer. */
export interface CallEnd {
  call: string;
  answer: Answer;
  /** The wait that it asks for. */
  retryAfterSeconds?: number | undefined;
}

/** The places where a Worker asks whether something is to go wrong now. */
export type Place =
  | "queue.send"
  | "queue.consume"
  | "instances.create"
  | "instances.get"
  | "workflow.version"
  | "consumer"
  | "destination";

/** An object of the bucket, as it is read back in the end. */
export interface StoredObject {
  key: string;
  dispatchId: string;
  n: number;
}

/** `POST /decide`: what is to go wrong, if anything. */
export interface Decision {
  fault: string | null;
  /** For faults that take their time. */
  ms: number;
}

/** `POST /instances`: Workflow instances that the engine has been asked for, each as `<binding>/<id>`. */
export interface Asked {
  instances: string[];
}

/** `POST /operate`: a method of the hub's operators, and what it is called with. */
export interface Operated {
  method: string;
  args: unknown[];
}

/** What an operator may do to an instance. */
export type InstanceAct = "pause" | "resume" | "terminate" | "restart" | "delete";

/** What a sweep found: instances that have ended and are deleted, and those of them that ended `errored`; each as `<binding>/<id>`. */
export interface Swept {
  deleted: string[];
  errored: string[];
}
