import { expect, test } from "vitest";
import { measurePassedOver } from "../chaos/check-flow.ts";
import { check } from "../chaos/checker.ts";
import type { Evidence } from "../chaos/evidence.ts";
import type { Invariant } from "../chaos/violation.ts";
import { act, heldRun } from "../support/held-run.ts";
import { type Mutable, soundDeliveries } from "../support/sound-run.ts";

type Run = Mutable<Evidence>;

const found = (run: Run): Invariant[] => [...new Set(check(run).map(({ invariant }) => invariant))];

function spoilt(run: Run, change: (run: Run) => void): Invariant[] {
  change(run);
  return found(run);
}

/** The item with that id, for a change. */
function the<T extends { id: string }>(items: T[], id: string): T {
  const item = items.find((one) => one.id === id);
  if (item === undefined) throw new Error(`there is no ${id}`);
  return item;
}

/** The call of a dispatch, for a change. */
function callOf({ calls }: Run, id: string): Run["calls"][number] {
  return the(
    calls.map((call) => Object.assign(call, { id: call.dispatchId })),
    id,
  );
}

test("an order that is held and goes on after a retry or a release has no violations", () => {
  expect(found(heldRun())).toEqual([]);
  const released = heldRun();
  for (const key of ["dispatches", "executions", "transitions", "calls"] as const)
    released[key] = released[key].filter(
      (item) => !("id" in item && item.id === "h2") && !("dispatchId" in item && item.dispatchId === "h2"),
    ) as never;
  released.acts = [act({ method: "releaseKey", startedAt: 3_000, key: "k-1" })];
  expect(found(released)).toEqual([]);
  released.acts = [act({ method: "releaseKey", startedAt: 4_600, key: "k-1" })];
  expect(found(released)).toEqual(["held"]);
  released.acts = [act({ method: "releaseKey", startedAt: 3_000, key: "k-2" })];
  expect(found(released)).toEqual(["held"]);
  released.acts = [act({ method: "releaseKey", startedAt: 3_000, key: "k-1", refused: "[conflict] nothing" })];
  expect(found(released)).toEqual(["held"]);
});

test("a held key gets no call before an operator acts, and then the retried dispatch is called first", () => {
  expect(spoilt(heldRun(), (run) => (callOf(run, "h2").startedAt = 2_994))).toContain("held");
  expect(spoilt(heldRun(), (run) => (callOf(run, "h2").startedAt = 2_995))).not.toContain("held");
  expect(spoilt(heldRun(), (run) => (callOf(run, "h3").startedAt = 3_900))).toContain("held");
  expect(spoilt(heldRun(), (run) => (the(run.dispatches, "h2").seq = 3))).toContain("held");
  // A retry that fails holds the key as well.
  const again = heldRun();
  Object.assign(the(again.dispatches, "h2"), { status: "failed" });
  Object.assign(callOf(again, "h2"), { answer: "failed" });
  for (const row of [...again.executions, ...again.transitions]) {
    if (row.dispatchId !== "h2") continue;
    if ("result" in row) row.result = "failed";
    else if (row.status === "complete") row.status = "failed";
  }
  expect(found(again)).toEqual(["held"]);
});

test("dispatches of one order are never called at the same time, even if one of them was cancelled", () => {
  const cancelled = (calledAt: number) =>
    spoilt(heldRun(), (run) => {
      Object.assign(the(run.dispatches, "h2"), { status: "cancelled" });
      run.transitions = run.transitions.flatMap((row) => {
        if (row.dispatchId !== "h2" || row.status !== "complete") return [row];
        const early = { ...row, status: "cancelled", at: 3_460, attempts: 0, claims: 1 };
        return [early, { ...row, status: "cancelled", oldStatus: "cancelled" }];
      });
      Object.assign(callOf(run, "h3"), { startedAt: calledAt });
    });
  expect(cancelled(4_500)).toEqual([]);
  expect(cancelled(3_600)).toEqual(["ordered"]);
});

test("a cancelled dispatch is not called any more, unless it was taken before", () => {
  const cancelledAt = (at: number, claims: number) =>
    spoilt(heldRun(), (run) => {
      Object.assign(the(run.dispatches, "h3"), { status: "cancelled" });
      run.transitions = run.transitions.filter(({ dispatchId, attempts }) => dispatchId !== "h3" || attempts === 0);
      const last = run.transitions.at(-1);
      if (last === undefined) throw new Error("nothing was noted");
      if (claims === 0) run.transitions.pop();
      run.transitions.push({ ...last, status: "cancelled", at, claims });
    });
  expect(cancelledAt(4_460, 1)).toEqual([]);
  expect(cancelledAt(4_460, 0)).toEqual(["ended"]);
});

test("no call of a paused key begins, unless it was taken before", () => {
  const paused = (answeredAt: number, { calledAt = 1_010, resumedAt = 9_000, key = "k-1" } = {}) =>
    spoilt(soundDeliveries("KEYED"), (run) => {
      the(run.dispatches, "to KEYED").flowKey = "k-1";
      Object.assign(callOf(run, "to KEYED"), { startedAt: calledAt, endedAt: calledAt + 80 });
      run.acts.push(act({ method: "pauseKey", destination: "KEYED", key, startedAt: 800, answeredAt }));
      run.acts.push(act({ method: "resumeKey", destination: "KEYED", key, startedAt: resumedAt }));
    });
  // Taken at 990, to be called at most a second ahead, in an answer that may take two seconds.
  expect(paused(900)).toEqual(["paused"]);
  expect(paused(991)).toEqual([]);
  expect(paused(900, { key: "k-2" })).toEqual([]);
  expect(paused(900, { resumedAt: 1_000 })).toEqual([]);
  expect(paused(991, { calledAt: 3_990 })).not.toContain("paused");
  expect(paused(991, { calledAt: 3_991 })).toContain("paused");
});

test("a key gets a call within a minute in which no limit, pause or outage stops it", () => {
  const waited = (ms: number, change: (run: Run) => void = () => undefined) =>
    spoilt(soundDeliveries("KEYED"), (run) => {
      the(run.dispatches, "to KEYED").flowKey = "k-1";
      for (const row of run.transitions.filter(({ dispatchId, at }) => dispatchId === "to KEYED" && at > 900))
        row.at = row.at - 990 + 900 + ms;
      Object.assign(callOf(run, "to KEYED"), { startedAt: 910 + ms, endedAt: 990 + ms });
      for (const row of run.executions.filter(({ dispatchId }) => dispatchId === "to KEYED"))
        Object.assign(row, { startedAt: 905 + ms, finishedAt: 1_000 + ms });
      change(run);
    });
  expect(measurePassedOver(soundDeliveries("KEYED"))).toBe(90);
  expect(waited(60_000)).toEqual([]);
  expect(waited(60_001)).toEqual(["starved"]);
  const outage = (run: Run) => run.outages.push({ kind: "queue loses all", from: 1_000, to: 2_000 });
  expect(waited(62_000, outage)).toEqual([]);
  expect(waited(62_001, outage)).toEqual(["starved"]);

  const pause = (run: Run) =>
    run.acts.push(
      act({ method: "pauseKey", destination: "KEYED", key: "k-1", startedAt: 1_000 }),
      act({ method: "resumeKey", destination: "KEYED", key: "k-1", startedAt: 1_900 }),
    );
  expect(waited(61_000, pause)).toEqual([]);
  expect(waited(61_001, pause)).toEqual(["starved"]);

  /** This many other dispatches of that key have places from 1,000 to 2,000, and an answer at the end. */
  const beside = (count: number, key: string) => (run: Run) => {
    for (let n = 0; n < count; n++) {
      const other = { ...the(run.dispatches, "to KEYED"), id: `beside ${n}`, flowKey: key };
      run.dispatches.push(other);
      const [made, taken, ended] = run.transitions.filter(({ dispatchId }) => dispatchId === "to KEYED");
      if (made === undefined || taken === undefined || ended === undefined) throw new Error("nothing was noted");
      run.transitions.push(
        { ...made, dispatchId: other.id, at: 1_000, nextAttemptAt: 1_000 },
        { ...taken, dispatchId: other.id, at: 1_000 },
        { ...ended, dispatchId: other.id, at: 2_000 },
      );
    }
  };
  // Six places in all.
  expect(waited(61_000, beside(6, "k-2"))).not.toContain("starved");
  expect(waited(61_001, beside(6, "k-2"))).toContain("starved");
  expect(waited(61_000, beside(5, "k-2"))).toContain("starved");
});

test("an operator's action is answered, is refused only if something has changed, and is done once", () => {
  const did = (about: object) =>
    spoilt(heldRun(), (run) => run.acts.push({ ...act({ method: "cancelDispatch", startedAt: 6_000 }), ...about }));
  expect(did({})).toEqual([]);
  expect(did({ refused: "[conflict] dispatch is already complete" })).toEqual([]);
  expect(did({ refused: "[misconfigured] a table is missing" })).toEqual(["operated"]);
  expect(did({ answeredAt: undefined })).toEqual(["operated"]);
  expect(did({ made: ["h2", "h2"] })).toEqual([]);
  expect(did({ made: ["h2", "h4"] })).toEqual(["operated"]);
});

test("a lower rate holds once the calls that already had their time are made", () => {
  const rated = (startedAt: number) => {
    const run = soundDeliveries("RATED");
    the(run.dispatches, "to RATED").flowKey = "";
    const call = callOf(run, "to RATED");
    const times = [startedAt, startedAt + 500, startedAt + 1_000];
    run.calls = times.map((at, n) => ({ ...call, call: `r${n}`, startedAt: at, endedAt: at + 80 }));
    const rate = { limit: 0.7, perSeconds: 1, burst: 1 };
    run.acts.push(act({ method: "setFlow", destination: "RATED", rate, until: 20_000, startedAt: 3_000 }));
    return found(run);
  };
  expect(rated(5_100)).toContain("rate");
  expect(rated(5_099)).not.toContain("rate");
  expect(rated(19_001)).not.toContain("rate");
});

test("dispatches that were taken when the database's answer was lost may be called late, together with later ones", () => {
  const together = (count: number, trouble: Partial<Run["databaseTrouble"][number]> = {}) => {
    const run = soundDeliveries("RATED");
    the(run.dispatches, "to RATED").flowKey = "";
    const call = callOf(run, "to RATED");
    // Taken at 990, and called three seconds after the second for which they may be taken ahead.
    run.calls = Array.from({ length: count }, (_, n) => ({ ...call, call: `r${n}`, startedAt: 4_990, endedAt: 5_000 }));
    run.databaseTrouble.push({ kind: "hang after", from: 1_000, to: 4_900, ...trouble });
    return found(run);
  };
  expect(together(11)).not.toContain("rate");
  expect(together(12)).toContain("rate");
  const unrelated = { from: 4_991, to: 4_992 };
  expect(together(5, unrelated)).not.toContain("rate");
  expect(together(6, unrelated)).toContain("rate");
});
