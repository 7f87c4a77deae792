import type { RetryDelay } from "../schema/config/routes.ts";
import { MAX_SLEEP_SECONDS } from "../schema/vocabulary/platform-limits.ts";

/** The engine fails on a wait of 0, and its clock is no finer than this. */
const MIN_WAIT_MS = 10;

/** The longest wait that the engine accepts. */
const MAX_WAIT_MS = MAX_SLEEP_SECONDS * 1_000;

/**
 * Seconds from a failed attempt to the next. Exponential: full jitter, uniform in 0 to `min(max, base * 2 ** (attempt - 1))`.
 * @param attempt the attempt that failed, from 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelaySeconds(policy: RetryDelay, attempt: number, random: () => number = Math.random): number {
  switch (policy.type) {
    case "constant":
      return policy.interval;
    case "exponential":
      return random() * Math.min(policy.max, policy.base * 2 ** Math.min(attempt - 1, 60));
  }
}

/** A step throws this to be run again after a wait. The engine's delay function sees only the message of an error. */
export class RetryLater extends Error {
  constructor(waitMs: number, story: string) {
    super(`retry in ${Math.ceil(clamp(waitMs))} ms: ${story}`);
    this.name = "RetryLater";
  }
}

/**
 * The wait before the engine's next attempt: the one in the message, or after trouble of our own (database, platform) 1 s, 2 s, 4 s, ... up to the
 * grace of reconciling. So an instance that waits for the database is never taken for one that makes no progress. Never 0 or NaN, and never throws:
 * the engine does not survive either.
 */
export function engineDelay(graceSeconds: number) {
  return ({ ctx, error }: { ctx: { attempt: number }; error: { message: string } }): number => {
    const asked = /retry in (\d{1,15}) ms/.exec(String(error?.message))?.[1];
    if (asked !== undefined) return clamp(Number(asked));
    const attempt = Number.isFinite(ctx?.attempt) ? ctx.attempt : 1;
    const ceiling = Math.min(1_000 * 2 ** Math.min(attempt - 1, 20), graceSeconds * 1_000);
    return clamp(ceiling * (0.5 + Math.random() / 2));
  };
}

const clamp = (ms: number) => Math.min(Math.max(Number.isNaN(ms) ? MIN_WAIT_MS : ms, MIN_WAIT_MS), MAX_WAIT_MS);
