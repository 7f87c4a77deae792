/** What the producers of both systems are asked to emit. */
export interface Load {
  /** Name of the run: events of different runs differ. */
  run: string;
  /** Route: ONE, FIVE, SLOW, FLAKY, or one of these with _BATCH; of ours also LIMITED, FAIR, ORDERED, ORDERED_FEW. */
  to: string;
  /** Different events; with `seconds`, they are emitted again and again. */
  events: number;
  /** Events in one call. */
  perCall: number;
  /** Calls under way at once. */
  connections: number;
  /** Calls begun a second in all; left out, each begins when one before it has ended. */
  perSecond?: number;
  /** Calls begin for so long, as many as come to be; left out, until each event has been emitted once. */
  seconds?: number;
  /** About the size of one payload as JSON, in bytes. */
  bytes: number;
  /** Whose orders they are; left out, a thousand customers take turns. */
  customer?: string;
}

/** How the emitting went; times in milliseconds since 1970. */
export interface Emitted {
  startedAt: number;
  endedAt: number;
  /** Of each call, in milliseconds. */
  latencies: number[];
}

/** A call of the floor's Worker. */
export type FloorCall =
  | { op: "workflows" | "messages" | "calls"; count: number }
  | { op: "roundTrips"; count: number; connections: number }
  | { op: "state" | "forget" };

/** How far a measurement is. */
export interface FloorState {
  done: number;
  /** When the last one was done: milliseconds since 1970. */
  lastAt: number;
}

/** What a Worker of the benchmark has done since the last reset: it is what would be billed. */
export interface Counts {
  /** Calls of one Worker by another. */
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
  /** Steps and sleeps that Workflow instances asked for. */
  steps: number;
  /** Runs of a step's body: more than `steps` where something was tried again. */
  stepAttempts: number;
  /** Bytes of JSON that Workflow instances were created with and that their steps returned: the engine keeps them. */
  workflowBytes: number;
  /** Lines written to the log by hub and executor. */
  logLines: number;
}
