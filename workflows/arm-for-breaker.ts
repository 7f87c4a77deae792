import type { Destination } from "../schema/config/destinations/index.ts";
import { BREAKER_LOOK_SECONDS } from "../schema/vocabulary/alarm-times.ts";
import type { ExecutionResult } from "../schema/vocabulary/statuses.ts";
import { type AlarmBinding, arm } from "./call-alarm.ts";

/** When this isolate last armed such a look, by the binding. */
const armedAt = new WeakMap<AlarmBinding, number>();

/**
 * Arms a look soon after calls of a destination with a breaker have failed, so that the breaker opens while they still count. The same look sees what
 * is recorded until then. Never throws.
 */
export async function armForBreaker(
  alarm: AlarmBinding | undefined,
  destination: Destination | undefined,
  records: readonly { result: ExecutionResult }[],
): Promise<void> {
  if (alarm === undefined || destination?.breaker === undefined) return;
  if (!records.some(({ result }) => result === "failed")) return;
  const now = Date.now();
  const since = now - (armedAt.get(alarm) ?? Number.NEGATIVE_INFINITY);
  if (since >= 0 && since < BREAKER_LOOK_SECONDS * 1_000) return;
  armedAt.set(alarm, now);
  if (!(await arm(alarm, BREAKER_LOOK_SECONDS * 1_000))) armedAt.delete(alarm);
}
