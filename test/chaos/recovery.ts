import type { Evidence } from "./evidence.ts";
import type { Trouble } from "./journal.ts";
import type { Transition } from "./transition.ts";

/** Over all dispatches that were due when an outage ended: the time from then to their next recorded attempt, in milliseconds. */
export interface Recovery {
  dispatches: number;
  p50: number;
  p99: number;
  max: number;
}

export function measureRecovery({ transitions }: Pick<Evidence, "transitions">, outages: readonly Trouble[]): Recovery {
  const times: number[] = [];
  for (const history of Map.groupBy(transitions, ({ dispatchId }) => dispatchId).values()) {
    for (const { to } of outages) {
      const time = recoveryOf(history, to);
      if (time !== undefined) times.push(time);
    }
  }
  times.sort((a, b) => a - b);
  const quantile = (q: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0);
  return { dispatches: times.length, p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
}

function recoveryOf(history: readonly Transition[], end: number): number | undefined {
  const next = history.findIndex(({ at }) => at > end);
  const state = history[next - 1];
  if (state === undefined || state.status !== "ongoing" || state.nextAttemptAt > end) return undefined;
  const recovered = history
    .slice(next)
    .find(({ attempts, status }) => attempts > state.attempts || status !== "ongoing");
  return recovered === undefined ? undefined : recovered.at - end;
}
