/** What the campaign and its Workers tell each other over HTTP. Types only: both sides of the wire read them. */

/** What a consumer does at one attempt. */
export type Act =
  | { kind: "answer"; value: unknown; afterMs?: number }
  | { kind: "throw" }
  | { kind: "hang" }
  | { kind: "huge" };

/** The payload of the campaign's events: `n` names it, `to` chooses its routes, and the n-th attempt does the n-th act (the last for all further ones). */
export interface ChaosPayload {
  n: number;
  to: string;
  script: Act[];
  filler?: string;
}

/** How a consumer answered: in the contract's words, or what came instead of them. */
export type Answer = "complete" | "ignored" | "failed" | "failed for good" | "throw" | "garbage" | "huge";

/** `POST /call/start`: a consumer has been called. */
export interface CallStart {
  call: string;
  dispatchId: string;
  attempt: number;
  destination: string;
}

/** `POST /call/end`: it is about to answer. */
export interface CallEnd {
  call: string;
  answer: Answer;
}

/** The places where a Worker asks whether something is to go wrong now. */
export type Place =
  | "queue.send"
  | "queue.consume"
  | "instances.create"
  | "instances.get"
  | "workflow.version"
  | "consumer";

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

/** What an operator may do to an instance. */
export type InstanceAct = "pause" | "resume" | "terminate" | "restart" | "delete";

/** What a sweep found: instances that have ended and are deleted, and those of them that ended `errored`; each as `<binding>/<id>`. */
export interface Swept {
  deleted: string[];
  errored: string[];
}
