import type { EventPayload } from "../../../schema/contract/index.ts";

/** Events per second of processor time, so that other processes on the machine count less: the median of {@link ROUNDS} rounds. */
export interface Measured {
  readonly perSecond: number;
  /** Matched routes per event, on average. */
  readonly matched: number;
}

const ROUNDS = 7;
const WARM_UP_MS = 300;
const ROUND_MS = 150;

/** Runs `match` on the events again and again: a warm-up, then rounds of a fixed time. */
export function measure(events: readonly EventPayload[], match: (event: EventPayload) => readonly unknown[]): Measured {
  let next = 0;
  let found = 0;
  const run = (milliseconds: number): number => {
    const start = cpuMs();
    let done = 0;
    let elapsed = 0;
    // The clock is read only now and then: at a microsecond per event, it would be part of what is measured.
    for (let step = 1; elapsed < milliseconds; step = elapsed < milliseconds / 50 ? Math.min(step * 2, 1_024) : step) {
      for (let count = 0; count < step; count++) {
        found += match(events[next] as EventPayload).length;
        next = (next + 1) % events.length;
      }
      done += step;
      elapsed = cpuMs() - start;
    }
    return (done / elapsed) * 1_000;
  };
  run(WARM_UP_MS);
  const rounds = Array.from({ length: ROUNDS }, () => run(ROUND_MS)).sort((one, other) => one - other);
  found = 0;
  for (const event of events.slice(0, 100)) found += match(event).length;
  return { perSecond: rounds[Math.floor(ROUNDS / 2)] ?? 0, matched: found / Math.min(events.length, 100) };
}

/** The processor time that this thread has used, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
