import { expect, test } from "vitest";
import { checkFlow } from "../chaos/check-flow.ts";
import type { Invariant } from "../chaos/violation.ts";
import { soundDeliveries } from "../support/sound-run.ts";

interface Other {
  /** Default `KEYED`, which cools down by key; `RATED` cools down as a whole. */
  destination?: string;
  /** Default: the same key. */
  key?: string;
  takenAt: number;
  calledAt: number;
  /** How the first call was recorded; default: as a failure without a reason. */
  reason?: string;
  /** How often the first call was made; default: once. */
  asked?: number;
}

/**
 * What is wrong with a run in which one dispatch asked at 1,090 for a wait of 3 s, which was recorded at 1,300, and another was taken and called at
 * these times.
 */
function found({ destination = "KEYED", key = "k-1", takenAt, calledAt, reason, asked = 1 }: Other): Invariant[] {
  const run = soundDeliveries(destination);
  const [asking, other] = run.dispatches;
  const [call, , called] = run.calls;
  if (!asking || !other || !call || !called || !run.executions[0]) throw new Error("the run has changed");
  Object.assign(asking, { destination, flowKey: "k-1", status: "failed", attempts: 1 });
  Object.assign(other, { flowKey: key });
  Object.assign(call, { destination, answer: "failed", retryAfterSeconds: 3 });
  Object.assign(run.executions[0], { reason: reason ?? null });
  Object.assign(called, { startedAt: calledAt, endedAt: calledAt + 10 });
  run.calls = [...Array.from({ length: asked }, () => call), called];
  run.transitions = run.transitions.filter(({ dispatchId, at }) => dispatchId === other.id || at <= 1_300);
  for (const row of run.transitions) if (row.dispatchId === other.id && row.at > 900) row.at += takenAt - 990;
  return checkFlow(run).map(({ invariant }) => invariant);
}

test("no call of a key begins before the wait is over that was asked for, except those that were taken before", () => {
  // The wait ends at 4,090; 5 ms are for two clocks.
  expect(found({ takenAt: 1_301, calledAt: 4_084 })).toEqual(["cooled"]);
  expect(found({ takenAt: 1_301, calledAt: 4_085 })).toEqual([]);
  expect(found({ takenAt: 1_301, calledAt: 1_301 })).toEqual(["cooled"]);
  expect(found({ takenAt: 1_300, calledAt: 2_000 })).toEqual([]);
});

test("a cooldown stops its key, or the whole destination", () => {
  const during = { takenAt: 1_400, calledAt: 2_000 };
  expect(found({ ...during, key: "k-2" })).toEqual([]);
  expect(found({ ...during, destination: "RATED", key: "k-2" })).toEqual(["cooled"]);
});

test("an answer that did not come through, or of which nobody knows whether it was recorded, asks for nothing", () => {
  const during = { takenAt: 1_400, calledAt: 2_000 };
  expect(found({ ...during, reason: "answered 429" })).toEqual(["cooled"]);
  expect(found({ ...during, reason: "no answer within 3 s" })).toEqual([]);
  expect(found({ ...during, asked: 2 })).toEqual([]);
});

test("a key that cools down is not passed over", () => {
  // Nothing may be called until 4,090, and the key is taken a minute after that.
  expect(found({ takenAt: 64_090, calledAt: 64_100 })).toEqual([]);
  expect(found({ takenAt: 64_091, calledAt: 64_100 })).toEqual(["starved"]);
});
