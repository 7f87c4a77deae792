import type { Evidence } from "../chaos/evidence.ts";
import type { OperatorAct } from "../chaos/journal.ts";
import { type Mutable, soundRun } from "./sound-run.ts";

/** One act of an operator, answered at once. */
export const act = (about: Partial<OperatorAct> & Pick<OperatorAct, "method" | "startedAt">): OperatorAct => ({
  destination: "HELD",
  answeredAt: about.startedAt + 100,
  made: [],
  calls: 1,
  ...about,
});

/** A part of a dispatch that belongs to an order and was called once. */
interface Ordered {
  id: string;
  eventId: string;
  seq: number;
  position: number;
  calledAt: number;
  status: string;
  retryOf?: string;
}

/**
 * A sound run in which an order was held. `h1` failed for good at 2,000 and the operator retried it at 3,000. The retry `h2` was complete at 4,000,
 * and `h3`, which was behind it, at 5,000.
 */
export function heldRun(): Mutable<Evidence> {
  const run = soundRun();
  emit(run, "first", 20);
  emit(run, "second", 21);
  deliver(run, { id: "h1", eventId: "first", seq: 1, position: 1, calledAt: 1_500, status: "failed" });
  deliver(run, {
    ...{ id: "h2", eventId: "first", seq: 1, position: 2, calledAt: 3_500, status: "complete" },
    retryOf: "h1",
  });
  deliver(run, { id: "h3", eventId: "second", seq: 2, position: 3, calledAt: 4_500, status: "complete" });
  run.acts.push(act({ method: "retryDispatch", startedAt: 3_000, key: "k-1", dispatchId: "h1", made: ["h2"] }));
  return run;
}

function emit(run: Mutable<Evidence>, id: string, n: number): void {
  run.emissions.push({ key: undefined, payloads: [{ n, to: "HELD", script: [] }], answers: [], refused: [] });
  run.events.push({ id, key: null, n, to: "HELD", hops: 0, createdAt: 900 });
}

function deliver(run: Mutable<Evidence>, { calledAt, status, retryOf, ...own }: Ordered): void {
  const answer = status === "failed" ? "failed" : "complete";
  const due = retryOf === undefined ? 900 : 3_050;
  run.dispatches.push({
    ...{ ...own, destination: "HELD", status, attempts: 1, maxRetries: 0, timeoutSeconds: 3, reason: null },
    ...{ flowKey: "k-1", orderKey: "k-1", retryOf: retryOf ?? null },
  });
  run.executions.push({
    ...{ dispatchId: own.id, attempt: 1, result: answer, reason: null },
    ...{ startedAt: calledAt - 10, finishedAt: calledAt + 400 },
  });
  const noted = { dispatchId: own.id, oldStatus: "ongoing", status: "ongoing", nextAttemptAt: due };
  run.transitions.push(
    { ...noted, oldStatus: null, at: due, attempts: 0, claims: 0, owned: false },
    { ...noted, at: calledAt - 50, attempts: 0, claims: 1, owned: true },
    { ...noted, status, at: calledAt + 500, attempts: 1, claims: 0, owned: true },
  );
  run.calls.push({
    ...{ call: own.id, dispatchId: own.id, attempt: 1, destination: "HELD", answer },
    ...{ startedAt: calledAt, endedAt: calledAt + 400 },
  });
}
