/** What may go wrong in silence: rows of "What finds what, and when" in workers/sleep.md. */
export const SILENT_FAULTS = [
  "the queue message is lost",
  "the isolate dies after the commit",
  "the queue refuses everything",
  "the look's message is lost",
  "the executor dies in the look",
  "the database is away for the look",
  "the Workflow instance was never made",
  "the Workflow instance dies",
  "the alarm is not reached, until the backstop",
  "the alarm is not reached, until the next event",
] as const;
export type SilentFault = (typeof SILENT_FAULTS)[number];

/** One event that was emitted alone, in silence, with a fault of its own. Times in milliseconds since 1970. */
export interface Silence {
  fault: SilentFault;
  /** The number of the event, and where it went. */
  n: number;
  to: string;
  /** Whether nobody asked the database any more before it. */
  asleep: boolean;
  emittedAt: number;
  /** When it was lost, if it was claimed before. */
  lostAt?: number;
  /** When what went wrong was over: a storm, a lease. Or when that came which helps: the backstop, the next event. */
  overAt?: number;
  /** How many looks were asked for in vain. */
  looksLost?: number;
  /** When all Workers were dead. */
  away?: { from: number; to: number };
}
