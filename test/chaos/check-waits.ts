import { stepTimeoutSeconds } from "../../workflows/lease-and-step-timeout.ts";
import type { Evidence } from "./evidence.ts";
import type { Trouble } from "./journal.ts";
import type { Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** The time for care after a lease has ended: the grace, a run of reconciling that hangs until its requests time out, and the next run. */
export const CARE_MS = 60_000;

/** A time during which a dispatch was due and its row was not written, in milliseconds. */
interface Wait {
  ms: number;
  /** Counted from the time at which it became due, with every outage since. */
  allowedMs: number;
}

/**
 * Checks that somebody writes to the row of a dispatch that is due, at the latest when its lease has ended: a claim, a record, or reconciling.
 * Outages count twice, since the wait between two vain enqueuings doubles.
 */
export function checkWaits({ dispatches, transitions, outages }: Evidence): Violation[] {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  // A dispatch that waits for its turn belongs to nobody: only its end counts.
  return dispatches.flatMap(({ id, timeoutSeconds, flowKey }) => {
    if (flowKey !== null) return [];
    const wait = longestWait(histories.get(id) ?? [], outages, stepTimeoutSeconds(timeoutSeconds) * 1_000 + CARE_MS);
    return wait === undefined || wait.ms <= wait.allowedMs
      ? []
      : [
          violation(
            "attended",
            `dispatch ${id} was due, and left alone for ${wait.ms} ms of ${wait.allowedMs} allowed`,
          ),
        ];
  });
}

/**
 * The longest time, over all dispatches that take no turns, during which one was due and its row was not written, without outages. In milliseconds.
 */
export function measureWaits({ dispatches, transitions, outages }: Evidence): number {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  const waits = dispatches
    .filter(({ flowKey }) => flowKey === null)
    .flatMap(({ id }) => waitsOf(histories.get(id) ?? [], outages).map(({ calmMs }) => calmMs));
  return Math.round(Math.max(0, ...waits));
}

function longestWait(history: readonly Transition[], outages: readonly Trouble[], bound: number): Wait | undefined {
  return waitsOf(history, outages)
    .map(({ ms, outageMs }) => ({ ms: Math.round(ms), allowedMs: Math.round(bound + 2 * outageMs) }))
    .toSorted((a, b) => b.ms - b.allowedMs - (a.ms - a.allowedMs))[0];
}

function waitsOf(history: readonly Transition[], outages: readonly Trouble[]) {
  let dueAt = 0;
  return history.slice(0, -1).flatMap((state, index) => {
    const until = history[index + 1]?.at ?? state.at;
    if (state.attempts !== history[index - 1]?.attempts) dueAt = Math.max(state.at, state.nextAttemptAt);
    const from = Math.max(state.at, state.nextAttemptAt);
    if (state.status !== "ongoing" || until <= from) return [];
    const outageMs = overlapMs(outages, Math.min(dueAt, from), until);
    return [{ ms: until - from, outageMs, calmMs: until - from - overlapMs(outages, from, until) }];
  });
}

/** How much of a time the troubles take up, in milliseconds. */
export const overlapMs = (troubles: readonly Pick<Trouble, "from" | "to">[], from: number, to: number): number =>
  troubles.reduce((sum, trouble) => sum + Math.max(0, Math.min(trouble.to, to) - Math.max(trouble.from, from)), 0);
