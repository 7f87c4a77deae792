import { expect, test } from "vitest";
import { check } from "../chaos/checker.ts";
import type { DispatchRow, Evidence } from "../chaos/evidence.ts";
import { measureRecovery } from "../chaos/recovery.ts";
import { INVARIANTS, type Invariant } from "../chaos/violation.ts";
import { act, heldRun } from "../support/held-run.ts";
import { type Mutable, soundRun } from "../support/sound-run.ts";

type Change = (run: Mutable<Evidence>) => void;
const found = (change: Change): Invariant[] => {
  const run = soundRun();
  change(run);
  return [...new Set(check(run).map(({ invariant }) => invariant))];
};
const first = <T>(items: T[]): T => items[0] as T;
const second = <T>(items: T[]): T => items[1] as T;

test("a campaign with consistent evidence has no violations", () => {
  expect(check(soundRun())).toEqual([]);
});

const webhooks = (count: number, dispatch: DispatchRow): DispatchRow[] =>
  Array.from({ length: count }, (_, index) => ({ ...dispatch, id: `w${index}`, destination: "WEBHOOK" }));

/** One more dispatch of the first one's order, emitted and answered before that one. */
function order(
  run: Mutable<Evidence>,
  { position, seq, calledAt }: { position: number; seq: number; calledAt: number },
): void {
  const ordered = { destination: "ORDERED", flowKey: "", orderKey: "k-1" };
  Object.assign(first(run.dispatches), { ...ordered, seq: 1, position: 1 });
  run.dispatches.push({ ...first(run.dispatches), id: "d2", eventId: "e2", seq, position });
  run.events.push({ ...first(run.events), id: "e2", n: 2 });
  Object.assign(first(run.emissions), { startedAt: 800, answeredAt: 850 });
  Object.assign(second(run.emissions), { startedAt: 700, answeredAt: 750 });
  run.calls.push({ ...first(run.calls), destination: "ORDERED", dispatchId: "d2", startedAt: calledAt });
}

/** The first event of the run, as if it had been emitted alone. */
const ALONE = { fault: "the queue message is lost", n: 1, to: "STEADY", asleep: true, emittedAt: 900 } as const;

const VIOLATIONS: [Invariant, string, Change][] = [
  [
    "stored",
    "an answered event is not there",
    (run) => (first(run.emissions).payloads[0] = { n: 9, to: "STEADY", script: [] }),
  ],
  [
    "stored",
    "an event is stored twice",
    (run) => run.events.push({ id: "e9", key: null, n: 1, to: "nobody", hops: 0, createdAt: 900 }),
  ],
  ["stored", "a route made no dispatch", (run) => (first(run.events).to = "both")],
  [
    "stored",
    "an answer named another dispatch",
    (run) => (first(first(run.emissions).answers).events[0] = { id: "e1", duplicate: true, dispatches: [] }),
  ],
  ["stored", "a repeated call was never answered", (run) => (first(run.emissions).answers = [])],
  [
    "stored",
    "an event is stored that nobody emitted",
    (run) => run.events.push({ id: "e9", key: null, n: 9, to: "nobody", hops: 0, createdAt: 900 }),
  ],
  ["refused", "a right call was refused", (run) => first(run.emissions).refused.push("[invalid_payload] event")],
  ["lost", "one is lost", (run) => (first(run.dispatches).status = "lost")],
  [
    "kept",
    "a final status changed",
    (run) =>
      run.transitions.push({
        dispatchId: "d1",
        oldStatus: "complete",
        status: "failed",
        at: 3_000,
        attempts: 2,
        claims: 0,
        owned: false,
        nextAttemptAt: 2_400,
      }),
  ],
  ["counted", "an attempt is missing", (run) => (first(run.executions).attempt = 3)],
  ["called", "an execution without a call", (run) => run.calls.shift()],
  ["called", "a word that the consumer did not say", (run) => (second(run.calls).answer = "ignored")],
  ["called", "a call of nothing that is stored", (run) => (first(run.calls).dispatchId = "d9")],
  ["called", "a timeout before its time", (run) => (first(run.executions).reason = "no answer within 3 s")],
  [
    "called",
    "an executor that did not die",
    (run) => (first(run.executions).reason = "the executor died during the call (5 claims without a record)"),
  ],
  ["called", "a status that is not the last execution's", (run) => (first(run.dispatches).status = "ignored")],
  ["budget", "more attempts than allowed", (run) => (first(run.dispatches).maxRetries = 0)],
  ["budget", "a failure that the consumer did not say", (run) => (first(run.calls).answer = "complete")],
  [
    "budget",
    "failed with retries left",
    (run) => {
      Object.assign(first(run.dispatches), { status: "failed" });
      Object.assign(second(run.executions), { result: "failed" });
      Object.assign(second(run.calls), { answer: "throw" });
    },
  ],
  [
    "duplicates",
    "a call is repeated though nothing died",
    (run) => run.calls.push({ ...second(run.calls), call: "c3", startedAt: 2_700 }),
  ],
  [
    "duplicates",
    "a call is repeated after a death long after its record",
    (run) => {
      run.deaths.push({ at: 9_000, kind: "kill" });
      run.calls.push({ ...second(run.calls), call: "c3", startedAt: 9_500 });
    },
  ],
  [
    "duplicates",
    "a call is repeated after another's death",
    (run) => {
      run.deaths.push({ at: 2_600, kind: "terminate", dispatchIds: new Set(["d2"]) });
      run.calls.push({ ...second(run.calls), call: "c3", startedAt: 2_900 });
    },
  ],
  [
    "duplicates",
    "a call is repeated after the death of an instance of another destination",
    (run) => {
      run.deaths.push({ at: 2_600, kind: "restart", destination: "ELSEWHERE" });
      run.calls.push({ ...second(run.calls), call: "c3", startedAt: 2_900 });
    },
  ],
  ["ended", "a call after the end", (run) => run.calls.push({ ...second(run.calls), call: "c3", startedAt: 2_806 })],
  [
    "arrived",
    "nothing is there",
    (run) => run.dispatches.push({ ...first(run.dispatches), id: "d2", destination: "BUCKET" }),
  ],
  ["signed", "a request that nobody has signed", (run) => run.unsigned.push("dispatch d1: No matching signature")],
  ["delayed", "a delay that was asked for is not in the row", (run) => (first(run.emissions).delaySeconds = 1)],
  ["delayed", "a delay that nobody asked for", (run) => (first(run.transitions).nextAttemptAt = 1_900)],
  ["called", "a call at another destination", (run) => (second(run.calls).destination = "EAGER")],
  ["early", "a call before its time", (run) => (second(run.calls).startedAt = 2_300)],
  [
    "attended",
    "nobody took care of what was due",
    (run) => {
      for (const later of run.transitions.slice(3)) later.at += 200_000;
    },
  ],
  [
    "found",
    "what was lost in silence was found too late",
    (run) => {
      run.silences.push(ALONE);
      for (const later of run.transitions.slice(1)) later.at += 20_000;
    },
  ],
  ["asleep", "somebody looked in silence, and had no reason", (run) => run.silences.push(ALONE)],
  [
    "rate",
    "calls come faster than the rate",
    (run) => {
      Object.assign(first(run.dispatches), { destination: "RATED", flowKey: "" });
      run.calls = Array.from({ length: 9 }, (_, n) => ({
        ...first(run.calls),
        destination: "RATED",
        startedAt: 1_000 + n * 100,
      }));
    },
  ],
  [
    "places",
    "more calls of a key are under way than may be",
    (run) => {
      Object.assign(first(run.dispatches), { destination: "KEYED", flowKey: "k-1" });
      run.calls = [0, 1, 2].map((n) => ({
        ...first(run.calls),
        destination: "KEYED",
        startedAt: 1_000 + n,
        endedAt: 2_000,
      }));
    },
  ],
  [
    "ordered",
    "one is called before the one before it is final",
    (run) => order(run, { position: 2, seq: 2, calledAt: 2_000 }),
  ],
  ["ordered", "one that was emitted later comes first", (run) => order(run, { position: 2, seq: 0, calledAt: 9_000 })],
  [
    "held",
    "one is called before the operator has seen to what holds its key",
    (run) => Object.assign(run, heldRun(), { acts: [] }),
  ],
  [
    "paused",
    "one is taken of a paused key",
    (run) => {
      Object.assign(first(run.dispatches), { destination: "KEYED", flowKey: "k-1" });
      for (const call of run.calls) call.destination = "KEYED";
      run.acts.push(act({ method: "pauseKey", destination: "KEYED", key: "k-1", startedAt: 1_000 }));
    },
  ],
  [
    "cooled",
    "a key is called before the wait is over that it was asked for",
    (run) => {
      Object.assign(first(run.dispatches), { destination: "KEYED", flowKey: "k-1" });
      for (const call of run.calls) call.destination = "KEYED";
      Object.assign(first(run.calls), { answer: "failed", retryAfterSeconds: 2 });
      Object.assign(first(run.executions), { reason: null });
    },
  ],
  [
    "starved",
    "nobody takes what is due",
    (run) => {
      Object.assign(first(run.dispatches), { destination: "KEYED", flowKey: "k-1" });
      for (const later of run.transitions.slice(1)) later.at += 200_000;
    },
  ],
  [
    "operated",
    "nobody answered the operator",
    (run) => run.acts.push({ ...act({ method: "resumeKey", startedAt: 1_000 }), answeredAt: undefined } as never),
  ],
  ["errored", "an instance ended errored", (run) => run.errored.push("i1")],
  [
    "progress",
    "nothing is complete",
    (run) => {
      first(run.dispatches).status = "ignored";
      second(run.executions).result = "ignored";
      second(run.calls).answer = "ignored";
    },
  ],
  [
    "progress",
    "no webhook of ten is complete",
    (run) => run.dispatches.push(...webhooks(10, first(run.dispatches)).map((one) => ({ ...one, status: "failed" }))),
  ],
];

test.each(VIOLATIONS)("finds a violation of %s: %s", (invariant, _, change) => {
  expect(found(change)).toContain(invariant);
});

test("finds a dispatch that is not final, and has an example of a violation for every invariant", () => {
  expect(found((run) => (first(run.dispatches).status = "ongoing"))).toContain("final");
  expect(new Set(["final", ...VIOLATIONS.map(([invariant]) => invariant)])).toEqual(new Set(Object.keys(INVARIANTS)));
});

test.each<[string, Change]>([
  ["a call is in flight", (run) => run.deaths.push({ at: 2_550, kind: "kill" })],
  ["its result is not flushed", (run) => run.deaths.push({ at: 2_800, kind: "restart", dispatchIds: new Set(["d1"]) })],
  [
    "the instance that took it is restarted",
    (run) => run.deaths.push({ at: 2_600, kind: "restart", destination: second(run.calls).destination }),
  ],
  [
    "its record waits for the database",
    (run) => {
      run.deaths.push({ at: 9_000, kind: "kill" });
      run.databaseTrouble.push({ kind: "cut", from: 2_700, to: 8_000 });
    },
  ],
])("excuses a repeated call if a process died while %s", (_, change) => {
  expect(
    found((run) => {
      change(run);
      run.calls.push({ ...second(run.calls), call: "c3", startedAt: 9_500 });
    }),
  ).toEqual([]);
});

test("excuses a call that timed out before it arrived only during a standstill", () => {
  const timedOut = (run: Mutable<Evidence>) => {
    run.calls.shift();
    Object.assign(first(run.executions), { reason: "no answer within 3 s", finishedAt: 4_000 });
  };
  expect(found(timedOut)).toEqual(["called"]);
  expect(
    found((run) => {
      timedOut(run);
      run.stalls.push({ kind: "stall", from: 3_000, to: 3_500 });
    }),
  ).toEqual([]);
});

test("excuses a call that never arrived only while its destination was away, and a call after the end only during a standstill", () => {
  const away = (kind: string, from: number) =>
    found((run) => {
      run.calls.shift();
      run.absences.push({ kind, from, to: from + 500 });
    });
  expect(away("STEADY", 600)).toEqual([]);
  expect(away("STEADY", 1_100)).toEqual([]);
  expect(away("STEADY", 499)).toEqual(["called"]);
  expect(away("EAGER", 600)).toEqual(["called"]);

  const afterTheEnd = (stall: number) =>
    found((run) => {
      run.calls.push({ ...second(run.calls), call: "c3", startedAt: 9_000 });
      run.stalls.push({ kind: "stall", from: stall, to: stall + 100 });
    });
  expect(afterTheEnd(2_400)).toEqual(["duplicates"]);
  expect(afterTheEnd(2_399)).toEqual(["duplicates", "ended"]);
});

test("requires the wait that the previous answer asked for, if that answer arrived", () => {
  const asked = (retryAfterSeconds: number, reason: string | null) =>
    found((run) => {
      Object.assign(first(run.calls), { answer: "failed", retryAfterSeconds });
      Object.assign(first(run.executions), { reason });
      if (reason?.startsWith("no answer")) Object.assign(first(run.executions), { startedAt: -1_900 });
    });
  // From 1,090 to 2,510, and 5 ms between two clocks.
  expect(asked(1.425, null)).toEqual([]);
  expect(asked(1.426, null)).toEqual(["early"]);
  expect(asked(1.426, "answered 429")).toEqual(["early"]);
  expect(asked(1.426, "no answer within 3 s")).toEqual([]);
});

test("requires progress of a kind of destination only after ten dispatches", () => {
  expect(
    found((run) =>
      run.dispatches.push(...webhooks(9, first(run.dispatches)).map((one) => ({ ...one, status: "failed" }))),
    ),
  ).not.toContain("progress");
});

test("excuses a late dispatch for twice the length of the outages since it became due", () => {
  const leftAlone = (ms: number, outages: Mutable<Evidence>["outages"]) =>
    found((run) => {
      for (const later of run.transitions.slice(3)) later.at += ms;
      run.outages.push(...outages);
    });
  // The lease of 93 s (3 s of timeout and 90 s), and 60 s of care.
  expect(leftAlone(153_000 - 50, [])).toEqual([]);
  expect(leftAlone(153_000 - 49, [])).toEqual(["attended"]);
  expect(leftAlone(173_000 - 50, [{ kind: "queue loses all", from: 3_000, to: 13_000 }])).toEqual([]);
  expect(leftAlone(173_000 - 49, [{ kind: "queue loses all", from: 3_000, to: 13_000 }])).toEqual(["attended"]);
});

test("measures recovery from the end of an outage to the next recorded attempt of what was due then", () => {
  const outage = (to: number) => measureRecovery(soundRun(), [{ kind: "kill", from: 0, to }]);
  expect(outage(1_000)).toEqual({ dispatches: 1, p50: 300, p99: 300, max: 300 });
  expect(outage(2_000)).toMatchObject({ dispatches: 0 });
  expect(outage(2_500)).toMatchObject({ dispatches: 1, max: 300 });
  expect(outage(5_000)).toMatchObject({ dispatches: 0 });
});
