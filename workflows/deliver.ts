import type { Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { MAX_CALLS_IN_INSTANCE, MAX_GROUP_SIZE, MAX_WAIT_IN_STEP_MS } from "../schema/vocabulary/limits.ts";
import { RetryLater } from "./backoff.ts";
import { type Delivered, type Delivery, deliverRound, type HistoryRecord } from "./round.ts";

/**
 * After this many milliseconds, no further round begins in a step, nor any call that is still waiting for a place. The step's timeout leaves room for
 * one whole round after that.
 */
const LAST_BEGIN_MS = 10_000;

/** The most rounds in one step: each adds its records to the step's result, which may have 1 MiB. */
export const MAX_ROUNDS_IN_STEP = 4;

/** The most calls in a step with several rounds. It is the most that one round may have, because the step's result lists them. */
export const MAX_CALLS_IN_STEP = MAX_GROUP_SIZE;

/** The most calls that one step makes, in an instance for this many dispatches. */
export const mostCallsInStep = (members: number): number => Math.min(MAX_CALLS_IN_STEP, members * MAX_ROUNDS_IN_STEP);

/** After this many engine attempts an instance hands its dispatches over to another, however few calls it has made. */
export const MAX_ENGINE_ATTEMPTS = 100;

/** Whether another step would exceed what an instance for this many dispatches may do. */
export const isSpent = ({ attempt, calls, members }: { attempt: number; calls: number; members: number }): boolean =>
  attempt >= MAX_ENGINE_ATTEMPTS || calls + mostCallsInStep(members) > MAX_CALLS_IN_INSTANCE;

/**
 * One engine attempt: claims what is due, calls the destinations, and records results as they arrive. Repeats this while retries are due within
 * {@link MAX_WAIT_IN_STEP_MS}.
 *
 * @throws RetryLater if dispatches remain and all results are recorded; DatabaseError if nothing could be claimed
 */
export async function deliver(members: readonly Member[], delivery: Delivery): Promise<Delivered> {
  const startedAt = Date.now();
  const records: HistoryRecord[] = [];
  let remaining = members;
  let calls = 0;
  const inStep = { size: members.length, beginUntil: startedAt + LAST_BEGIN_MS, progress: { begun: 0, borne: 0 } };
  for (let round = 1; ; round++) {
    const done = await deliverRound(remaining, delivery, inStep).catch((error: unknown) => {
      if (round === 1) throw error;
      // The error also tells what the earlier rounds have done, and what ended this one.
      const trouble = errorText(error);
      log("warn", "round.failed", { instanceId: delivery.instanceId, round, error: trouble });
      throw new RetryLater(MAX_WAIT_IN_STEP_MS, `${JSON.stringify(records)}, then ${trouble}`);
    });
    records.push(...done.records);
    remaining = done.remaining;
    calls += done.called.calls;
    if (remaining.length === 0 || done.unrecorded.length > 0)
      return { records, unrecorded: done.unrecorded, remaining: done.remaining };
    const wait = Math.max(0, done.dueAt - Date.now());
    const again =
      round < MAX_ROUNDS_IN_STEP &&
      wait <= MAX_WAIT_IN_STEP_MS &&
      Date.now() + wait - startedAt <= LAST_BEGIN_MS &&
      calls + (done.called.batched ? 1 : remaining.length) <= MAX_CALLS_IN_STEP;
    if (!again) throw new RetryLater(wait, JSON.stringify(records));
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
