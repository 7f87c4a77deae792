import type { RetryDelay } from "../schema/config/routes.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { readable } from "../schema/text/error-text.ts";
import { firstOf } from "../schema/text/unicode.ts";
import { MAX_DELAY_DAYS, MAX_DELAY_SECONDS, MAX_REASON_LENGTH } from "../schema/vocabulary/limits.ts";
import type { ExecutionResult } from "../schema/vocabulary/statuses.ts";
import { retryDelaySeconds } from "./backoff.ts";
import { platformWord } from "./platform-refusals.ts";

/** The result of one call, before the number of retries is checked. */
export interface Outcome {
  result: ExecutionResult;
  reason: string | null;
  /** The least wait before the next attempt, in seconds, mostly as the consumer asked for it; the route's delay may be longer. */
  retryAfterSeconds?: number;
  /** `terminal`: it is final. `terminal-by-consumer`: final, as the consumer said. `retryable`: tried again while retries are left. */
  retry: "terminal" | "terminal-by-consumer" | "retryable";
  /** The reason names what the executor lacks, and nothing of a payload, so it may be logged. */
  logged?: true;
  /**
   * The platform refused the call, and nothing has begun. If a smaller group can be tried, no record is made of it. Otherwise the rest describes the
   * failure.
   */
  refused?: true;
}

export const failed = (reason: string): Outcome => ({ result: "failed", reason: cut(reason), retry: "retryable" });

/**
 * What a call threw. The platform's message is distinguished from the consumer's by its text, the only part of an error that is sure to cross RPC.
 */
export function thrown(reason: string): Outcome {
  switch (platformWord(reason)?.means) {
    case "refused":
      return { ...failed(withNote(reason, "refused by the platform")), refused: true };
    case "unknown":
      return failed(withNote(reason, "by the platform: the call may have begun"));
    case undefined:
      return failed(reason);
  }
}

/** The binding does not exist. Trying again does not help, and an operator's retry makes a new dispatch. */
export const misconfigured = (reason: string): Outcome => ({
  result: "misconfigured",
  reason: cut(reason),
  retry: "terminal",
});

/** The same for what the executor lacks: a destination, a binding, a method, a secret. */
export const unbound = (reason: string): Outcome => ({ ...misconfigured(reason), logged: true });

/** How long an attempt waits for the executor's own deployment, in seconds: a deployment takes minutes, and by default a dispatch has five retries. */
const DEPLOYMENT_WAIT_SECONDS = 60;

/**
 * The executor's configuration lacks what the hub's has. The hub is deployed first, so the executor may have it a minute later: the retries are used
 * up before it is final, at least a minute apart.
 */
export const notDeployed = (reason: string): Outcome => ({
  ...unbound(reason),
  retry: "retryable",
  retryAfterSeconds: DEPLOYMENT_WAIT_SECONDS,
});

export const complete: Outcome = { result: "complete", reason: null, retry: "terminal-by-consumer" };

/** What `handle` returned, read by the contract. Anything else is a failure that says what came instead. */
export function readOutcome(returned: unknown): Outcome {
  const outcome =
    typeof returned === "object" && returned !== null ? (returned as Record<string, unknown>) : { result: returned };
  const { result, reason, retryAfterSeconds, retry } = outcome;
  if (result !== "complete" && result !== "ignored" && result !== "failed") {
    return failed(`handle returned ${describe(returned)} instead of "complete", "ignored" or "failed"`);
  }
  // The contract says text. If it is anything else, it is kept in a readable form.
  const text = reason === undefined || reason === null || typeof reason === "function" ? null : cut(readable(reason));
  if (result !== "failed" || retry === false) return { result, reason: text, retry: "terminal-by-consumer" };
  const { seconds, fault } = readWait(retryAfterSeconds);
  return {
    result,
    reason: fault === undefined ? text : withNote(text, fault),
    retry: "retryable",
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

/** The wait that a consumer asks for. An invalid value counts as not given, and one that is too long is cut; the reason says so in both cases. */
function readWait(value: unknown): { seconds?: number; fault?: string } {
  if (value === undefined || value === null) return {};
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    const got = typeof value === "number" ? String(value) : describe(value);
    return {
      fault: `retryAfterSeconds must be a number from 0 to ${MAX_DELAY_SECONDS}, got ${got}: the route's delay applies`,
    };
  }
  if (value <= MAX_DELAY_SECONDS) return { seconds: value };
  return {
    seconds: MAX_DELAY_SECONDS,
    fault: `retryAfterSeconds is ${value}, but ${MAX_DELAY_SECONDS} (${MAX_DELAY_DAYS} days) is the longest wait: that applies`,
  };
}

/** Our note is never cut, however long the consumer's own reason is. */
function withNote(reason: string | null, note: string): string {
  return reason === null ? note : `${cut(reason, MAX_REASON_LENGTH - note.length - 3)} (${note})`;
}

/** The state of a dispatch after an attempt: final, or ongoing with the promised wait. */
export function settle(
  outcome: Outcome,
  dispatch: { attempt: number; maxRetries: number; retryDelay: RetryDelay },
): Pick<ExecutionRecord, "result" | "reason" | "status" | "delaySeconds" | "decisive"> {
  const { result, reason } = outcome;
  const again = outcome.retry === "retryable" && dispatch.attempt <= dispatch.maxRetries;
  // The longer of the two: otherwise a consumer that always asks for 0 would use up all its retries at once.
  const wait = Math.max(outcome.retryAfterSeconds ?? 0, retryDelaySeconds(dispatch.retryDelay, dispatch.attempt));
  return {
    result,
    reason,
    status: again ? "ongoing" : result,
    delaySeconds: again ? wait : 0,
    decisive: outcome.retry === "terminal-by-consumer",
  };
}

/** Postgres cannot store U+0000 in a text, and JSON cannot hold half a surrogate pair. */
function cut(reason: string, length = MAX_REASON_LENGTH): string {
  return firstOf(reason, length).replaceAll("\0", "�").toWellFormed();
}

/** A value of unknown kind in a few words; never its content beyond a short string, since it may be a payload. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string")
    return value.length <= 40 ? JSON.stringify(value) : `a string of ${value.length} characters`;
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "an array";
  return "result" in value && typeof value.result === "string" && value.result.length <= 40
    ? `an object with result ${JSON.stringify(value.result)}`
    : "an object without a known result";
}
