/** What the producers of both systems should emit. */
export interface Load {
  /** The name of the run: events of different runs differ. */
  run: string;
  /** The route: ONE, FIVE, SLOW, FLAKY, or one of these with _BATCH; for our hub also LIMITED, FAIR, ORDERED, ORDERED_FEW. */
  to: string;
  /** The number of different events; with `seconds`, they are emitted again and again. */
  events: number;
  /** Events per call. */
  perCall: number;
  /** Calls in flight at once. */
  connections: number;
  /** Calls that begin per second, over all connections; left out, each begins when the one before it has ended. */
  perSecond?: number;
  /** For how long calls begin; left out, until each event has been emitted once. */
  seconds?: number;
  /** The approximate size of one payload as JSON, in bytes. */
  bytes: number;
  /** Whose orders they are; left out, so many customers take turns. */
  customer?: string;
  /** Default 1,000. */
  customers?: number;
  /** Of the events, default `order.paid`, which is not defined; `order.checked` is. */
  kind?: string;
}

/** The result of the emitting; times in milliseconds since 1970. */
export interface Emitted {
  startedAt: number;
  endedAt: number;
  /** The latency of each call, in milliseconds. */
  latencies: number[];
}

/** A call of the floor's Worker. */
export type FloorCall =
  | { op: "workflows" | "messages" | "calls"; count: number }
  | { op: "roundTrips"; count: number; connections: number }
  | { op: "chain" | "state" | "forget" };

/** The progress of a measurement. */
export interface FloorState {
  done: number;
  /** When the last one was done, in milliseconds since 1970. */
  lastAt: number;
}

/** What a Worker of the benchmark has done since the last reset: everything that would be billed. */
export interface Counts {
  /** Calls of one Worker to another. */
  rpcCalls: number;
  /** `send` and `sendBatch` calls. */
  queueSends: number;
  /** Messages in 64 KB chunks, as they are billed: written, read and deleted. */
  queueWrites: number;
  queueReads: number;
  queueDeletes: number;
  /** Invocations of the queue's consumer. */
  queueBatches: number;
  instances: number;
  /** Steps and sleeps that Workflow instances requested. */
  steps: number;
  /** Runs of a step's body: more than `steps` if something was tried again. */
  stepAttempts: number;
  /** Bytes of JSON with which Workflow instances were created, and which their steps returned: the engine keeps them. */
  workflowBytes: number;
  /** Lines written to the log by hub and executor. */
  logLines: number;
}
