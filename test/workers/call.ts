import type { EventPayload, HandleContext } from "../../schema/contract/index.ts";

/**
 * What a scripted consumer does at one attempt. `huge`: it answers with a reason of this many bytes. `times`: it throws in this many calls for the
 * dispatch, and completes the next. `nested`: a Worker that it calls throws this text.
 */
export type Act =
  | { return: unknown }
  | { throw: string; times?: number }
  | { nested: string; times?: number }
  | { throwValue: unknown }
  | { hang: true }
  | { wait: number; return: unknown }
  | { huge: number }
  | Emitting;

/** Emits these payloads as caused by the event that it was called for; with `silently`, without naming that event. */
export interface Emitting {
  emit: EventPayload[];
  silently?: true;
}

/** A call that a scripted consumer has received; `at` in milliseconds since 1970. */
export interface Call {
  payload: EventPayload;
  context: HandleContext;
  at: number;
  /** How many dispatches came in the same call of `handleBatch`. */
  batch?: number;
}
