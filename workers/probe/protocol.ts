/** Calls of another Worker: how many in total, and how many at once. */
export interface Calls {
  calls: number;
  atOnce: number;
}

/** The task of a Workflow instance of the probe. */
export type Task =
  /** Makes calls, at most `inStep` of them in a step. */
  | ({ do: "call"; inStep: number } & Calls)
  /** Tells how long after `askedAt` (milliseconds since 1970) it began. */
  | { do: "begin"; askedAt: number }
  /** Tells what a queue's consumer has measured. */
  | { do: "tell"; ms: number };

/** The result of making calls. */
export interface Called {
  /** The number of calls that were answered. */
  made: number;
  /** The platform's message for the first refused call; `null` if all were answered. */
  refusal: string | null;
  /** From the first call to the last answer, in milliseconds. */
  ms: number;
}

/** How long something took, in milliseconds. */
export interface Took {
  ms: number;
}

/** A message of the probe's queue: the time of sending (milliseconds since 1970), and the id of the instance that tells the result. */
export interface Sent {
  id: string;
  sentAt: number;
}

/** The state of an instance. */
export interface InstanceState {
  status: string;
  output?: unknown;
  error?: unknown;
}
