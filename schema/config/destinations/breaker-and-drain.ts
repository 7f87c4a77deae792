import * as v from "valibot";
import { DEFAULT_BREAKER_SECONDS, DEFAULT_PROBE_SECONDS } from "../../vocabulary/defaults.ts";

/**
 * A breaker pauses its destination by itself: when at least `failures` calls have ended in the last `seconds` (default 60), and each of them failed.
 * Every `probeSeconds` (default 60) it lets one dispatch through, and the first success resumes the destination. Without a breaker, nothing is paused
 * automatically.
 */
const Breaker = v.strictObject({
  failures: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_600)), DEFAULT_BREAKER_SECONDS),
  probeSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400)), DEFAULT_PROBE_SECONDS),
});

/** The settings of every kind of destination for times of trouble. */
export const breakerAndDrain = {
  drainPerSecond: v.exactOptional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(1_000))),
  breaker: v.exactOptional(Breaker),
};
