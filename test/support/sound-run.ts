import type { Evidence } from "../chaos/evidence.ts";

/** A value that a test may spoil. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

const UNLIMITED = { flowKey: null, orderKey: null, seq: null, position: null, retryOf: null };

/** A run without any violation: one event that failed once and then was complete, and one that matches no route. */
export function soundRun(): Mutable<Evidence> {
  const dispatch = {
    id: "d1",
    eventId: "e1",
    destination: "STEADY",
    maxRetries: 4,
    timeoutSeconds: 3,
    reason: null,
    ...UNLIMITED,
  };
  const transition = { dispatchId: "d1", oldStatus: "ongoing", status: "ongoing", claims: 0, owned: false };
  const stored = { id: "e1", duplicate: false, dispatches: [{ id: "d1", destination: "STEADY" }] };
  return {
    emissions: [
      { key: "k1", payloads: [{ n: 1, to: "STEADY", script: [] }], answers: [{ events: [stored] }], refused: [] },
      { key: undefined, payloads: [{ n: 2, to: "nobody", script: [] }], answers: [], refused: [] },
    ],
    events: [{ id: "e1", key: "k1", n: 1, to: "STEADY", hops: 0, createdAt: 900 }],
    dispatches: [{ ...dispatch, status: "complete", attempts: 2 }],
    executions: [
      { dispatchId: "d1", attempt: 1, result: "failed", reason: "Error: no", startedAt: 1_000, finishedAt: 1_100 },
      { dispatchId: "d1", attempt: 2, result: "complete", reason: null, startedAt: 2_500, finishedAt: 2_600 },
    ],
    transitions: [
      { ...transition, oldStatus: null, at: 900, attempts: 0, nextAttemptAt: 900 },
      { ...transition, at: 990, attempts: 0, claims: 1, owned: true, nextAttemptAt: 900 },
      { ...transition, at: 1_300, attempts: 1, nextAttemptAt: 2_400 },
      { ...transition, at: 2_450, attempts: 1, claims: 1, owned: true, nextAttemptAt: 2_400 },
      { ...transition, status: "complete", at: 2_800, attempts: 2, nextAttemptAt: 2_400 },
    ],
    calls: [
      {
        call: "c1",
        dispatchId: "d1",
        attempt: 1,
        destination: "STEADY",
        startedAt: 1_010,
        endedAt: 1_090,
        answer: "throw",
      },
      {
        call: "c2",
        dispatchId: "d1",
        attempt: 2,
        destination: "STEADY",
        startedAt: 2_510,
        endedAt: 2_590,
        answer: "complete",
      },
    ],
    acts: [],
    arrivals: [],
    unsigned: [],
    absences: [],
    deaths: [],
    databaseTrouble: [],
    stalls: [],
    outages: [],
    silences: [],
    errored: [],
  };
}

/** The same run with one more event, which is delivered at once to each of these destinations, in a dispatch `to <destination>`. */
export function soundDeliveries(...destinations: string[]): Mutable<Evidence> {
  const run = soundRun();
  destinations.forEach((destination, index) => {
    const [n, id, eventId] = [10 + index, `to ${destination}`, `for ${destination}`];
    const about = { dispatchId: id, attempt: 1 };
    const noted = { dispatchId: id, claims: 0, owned: false, nextAttemptAt: 900 };
    run.emissions.push({ key: undefined, payloads: [{ n, to: destination, script: [] }], answers: [], refused: [] });
    run.events.push({ id: eventId, key: null, n, to: destination, hops: 0, createdAt: 900 });
    run.dispatches.push({
      ...{ id, eventId, destination, status: "complete" },
      ...{ attempts: 1, maxRetries: 4, timeoutSeconds: 3, reason: null, ...UNLIMITED },
    });
    run.executions.push({ ...about, result: "complete", reason: null, startedAt: 1_000, finishedAt: 1_100 });
    run.transitions.push(
      { ...noted, oldStatus: null, status: "ongoing", at: 900, attempts: 0 },
      { ...noted, oldStatus: "ongoing", status: "ongoing", at: 990, attempts: 0, claims: 1, owned: true },
      { ...noted, oldStatus: "ongoing", status: "complete", at: 1_300, attempts: 1 },
    );
    run.calls.push({ ...about, call: id, destination, startedAt: 1_010, endedAt: 1_090, answer: "complete" });
  });
  return run;
}
