import { expect, test } from "vitest";
import { checkSilence } from "../chaos/check-silence.ts";
import type { Evidence } from "../chaos/evidence.ts";
import { SILENT_FAULTS, type Silence, type SilentFault } from "../chaos/silent-faults.ts";
import type { Invariant } from "../chaos/violation.ts";
import { type Mutable, soundDeliveries } from "../support/sound-run.ts";

const EMITTED_AT = 900;
const at = (ms: number) => EMITTED_AT + ms;

interface Course {
  /** When somebody first writes to the dispatch, in milliseconds after its emit; left out: never. */
  foundMs?: number;
  /** From then to its end. */
  deliveryMs?: number;
  about?: Partial<Silence>;
  change?: (run: Mutable<Evidence>) => void;
}

/** What is wrong with a run in which one event was emitted alone, with a fault. */
function found(fault: SilentFault, { foundMs, deliveryMs = 1_000, about, change }: Course): Invariant[] {
  const run = soundDeliveries("STEADY");
  const written = foundMs === undefined ? [] : [at(foundMs), at(foundMs + deliveryMs)];
  const [inserted, ...later] = run.transitions.filter(({ dispatchId }) => dispatchId === "to STEADY");
  if (inserted === undefined) throw new Error("the run has changed");
  run.transitions = [
    inserted,
    ...later.flatMap((row, n) => (written[n] === undefined ? [] : [{ ...row, at: written[n] }])),
  ];
  run.silences.push({ fault, n: 10, to: "STEADY", asleep: true, emittedAt: EMITTED_AT, ...about });
  change?.(run);
  return checkSilence(run).map(({ invariant }) => invariant);
}

/** The first and the last moment at which it may be found, in milliseconds after the emit: workers/sleep.md, with a grace of 2 s. */
const MOMENTS: [SilentFault, Partial<Silence>, number, number][] = [
  ["the queue message is lost", {}, 4_000, 6_000],
  ["the isolate dies after the commit", { away: { from: at(1_000), to: at(3_000) } }, 4_000, 6_000],
  ["the isolate dies after the commit", { away: { from: at(1_000), to: at(9_000) } }, 4_000, 9_000],
  ["the queue refuses everything", { overAt: at(1_000) }, 4_000, 6_000],
  ["the queue refuses everything", { overAt: at(9_000) }, 9_000, 13_000],
  ["the look's message is lost", { looksLost: 1 }, 8_000, 10_000],
  ["the look's message is lost", { looksLost: 2 }, 16_000, 18_000],
  ["the executor dies in the look", { looksLost: 1, away: { from: at(4_100), to: at(6_000) } }, 4_000, 10_000],
  ["the database is away for the look", { overAt: at(4_500) }, 4_500, 10_000],
  ["the database is away for the look", { overAt: at(8_500) }, 8_500, 18_000],
  ["the Workflow instance was never made", {}, 4_000, 6_000],
  ["the Workflow instance dies", { overAt: at(3_000), lostAt: at(1_000) }, 5_000, 9_000],
  ["the alarm is not reached, until the backstop", { overAt: at(20_000) }, 20_000, 20_000],
  ["the alarm is not reached, until the next event", { overAt: at(20_000) }, 20_000, 26_000],
];
/** For the work itself. */
const WORK_MS = 3_000;
const CLOCK_MS = 5;

test.each(MOMENTS)("what is lost in silence because %s (%j) is found from %i to %i ms", (fault, about, from, to) => {
  expect(found(fault, { about, foundMs: from - CLOCK_MS })).toEqual([]);
  expect(found(fault, { about, foundMs: from - CLOCK_MS - 1 })).toEqual(["asleep"]);
  expect(found(fault, { about, foundMs: to + WORK_MS })).toEqual([]);
  expect(found(fault, { about, foundMs: to + WORK_MS + 1 })).toEqual(["found"]);
  expect(found(fault, { about })).toEqual(["found"]);
});

test("each fault has its moments", () => {
  expect(new Set(MOMENTS.map(([fault]) => fault))).toEqual(new Set(SILENT_FAULTS));
});

test("an event that is not stored was never found", () => {
  const change = (run: Mutable<Evidence>) => (run.events = []);
  expect(found("the isolate dies after the commit", { foundMs: 4_000, change })).toEqual(["found"]);
});

test("a machine that stood still excuses twice that time, and nothing excuses what is not found", () => {
  const change = (run: Mutable<Evidence>) => run.stalls.push({ kind: "stall", from: at(2_000), to: at(3_000) });
  const lost = "the queue message is lost";
  expect(found(lost, { foundMs: 6_000 + WORK_MS + 2_000, change })).toEqual([]);
  expect(found(lost, { foundMs: 6_000 + WORK_MS + 2_001, change })).toEqual(["found"]);
  expect(found(lost, { change })).toEqual(["found"]);
  // While all are dead, they do not answer either.
  const away = { away: { from: at(1_000), to: at(9_000) } };
  const dead = "the isolate dies after the commit";
  expect(found(dead, { about: away, foundMs: 9_000 + WORK_MS, change })).toEqual([]);
  expect(found(dead, { about: away, foundMs: 9_000 + WORK_MS + 1, change })).toEqual(["found"]);
});

test("a machine that stood still while the look was armed may have armed none", () => {
  const stood = (from: number) => (run: Mutable<Evidence>) =>
    run.stalls.push({ kind: "stall", from: at(from), to: at(from + 2_000) });
  expect(found("the queue message is lost", { change: stood(900) })).toEqual([]);
  expect(found("the queue message is lost", { change: stood(1_001) })).toEqual(["found"]);
  const about = { overAt: at(20_000) };
  expect(found("the alarm is not reached, until the next event", { about, change: stood(20_900) })).toEqual([]);
});

test("what is found is delivered within ten seconds", () => {
  const lost = "the queue message is lost";
  expect(found(lost, { foundMs: 5_000, deliveryMs: 14_000 })).toEqual([]);
  expect(found(lost, { foundMs: 5_000, deliveryMs: 14_001 })).toEqual(["found"]);
});

test("a dispatch that was claimed before its instance died is found by a write after that", () => {
  const about = { overAt: at(3_000), lostAt: at(1_000) };
  // Claimed before, and complete at the second write.
  expect(found("the Workflow instance dies", { about, foundMs: 500, deliveryMs: 5_500 })).toEqual([]);
  expect(found("the Workflow instance dies", { about, foundMs: 500, deliveryMs: 400 })).toEqual(["found"]);
});

test("a database that is asked again and again is not asleep", () => {
  const about = { asleep: false };
  expect(found("the queue message is lost", { about, foundMs: 5_000 })).toEqual(["asleep"]);
});
