import { describe, expect, test } from "vitest";
import type { Operation, OperationOutcome } from "../../schema/contract/operations.ts";
import type { OperationOutcomeRow } from "../../schema/queries/operations/read-outcomes.ts";
import { expectedText, operationState, outcomeText } from "../../schema/text/outcome-text.ts";
import { toOperation } from "../../workers/hub/operator/operation-from-row.ts";

const NOTHING: OperationOutcome = {
  name: "nothing",
  counted: 0,
  delivered: 0,
  failed: 0,
  retried: 0,
  held: 0,
  ongoing: 0,
  cancelled: 0,
  remaining: null,
  secondsLeft: null,
};

const operation = (outcome: Partial<OperationOutcome> | null, changes: Partial<Operation> = {}) =>
  ({
    action: "retry_dispatches",
    state: "finished",
    affected: outcome?.counted ?? 0,
    outcome: outcome === null ? null : { ...NOTHING, ...outcome },
    ...changes,
  }) as Operation;

describe("the outcome of bulk work", () => {
  test.each<[Partial<OperationOutcome>, Partial<Operation>, string, string, string]>([
    [{ name: "failed", counted: 8, failed: 8 }, {}, "failed", "failed", "8 of 8 failed again"],
    [{ name: "failed", counted: 8, failed: 8 }, { action: "replay_events" }, "failed", "failed", "8 of 8 failed"],
    [{ name: "failed", counted: 8, failed: 8 }, { state: "running" }, "running", "failed", "8 of 8 failed again"],
    [
      { name: "partly_failed", counted: 330, failed: 120, delivered: 200, held: 10 },
      { state: "stopped" },
      "stopped",
      "failed",
      "120 of 330 failed again, 200 of 330 delivered, 10 held",
    ],
    [{ name: "delivered", counted: 5, delivered: 5 }, {}, "finished", "finished", "all 5 delivered"],
    [{ name: "delivered", counted: 1, delivered: 1 }, {}, "finished", "finished", "1 of 1 delivered"],
    [{ name: "ongoing", counted: 5, delivered: 2, ongoing: 3 }, {}, "under way", "ongoing", "2 of 5 delivered"],
    [{ name: "ongoing", counted: 5, held: 5 }, {}, "held", "ongoing", "0 of 5 delivered, 5 held"],
    [
      { name: "cancelled", counted: 5, cancelled: 5 },
      { state: "stopped" },
      "stopped",
      "cancelled",
      "0 of 5 delivered, 5 cancelled",
    ],
    [{ name: "nothing" }, {}, "finished", "ignored", "nothing to do"],
    [{ name: "running" }, { state: "running" }, "running", "ongoing", "nothing made so far"],
    [{ name: "removed" }, { affected: 7 }, "finished", "ignored", "7 made, removed by retention since"],
    [
      { name: "ongoing", counted: 1_000, delivered: 400, ongoing: 600 },
      { affected: 13_000 },
      "under way",
      "ongoing",
      "400 of 1,000 delivered (of the 13,000 made)",
    ],
  ])("is %j of %j: %s", (outcome, changes, word, tone, text) => {
    const told = operation(outcome, changes);
    expect(operationState(told)).toEqual({ word, tone });
    expect(outcomeText(told)).toBe(text);
  });

  test("is left out for an action that makes no dispatches", () => {
    expect(outcomeText(operation(null, { action: "pause_destination" }))).toBeUndefined();
    expect(operationState(operation(null))).toEqual({ word: "finished", tone: "finished" });
  });

  test("follows an expected number, which says if it is only a lower bound", () => {
    expect(expectedText({ dispatches: 13_000, exact: false })).toBe("more than 13,000");
    expect(expectedText({ dispatches: 13_000, exact: true })).toBe("13,000");
  });
});

describe("the remaining time of bulk work", () => {
  const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1_000);
  const row = (changes: object) =>
    ({
      state: "running",
      arguments: { perSecond: 50 },
      created_at: at(0),
      now: at(10),
      finished_at: null,
      affected: 500,
      expected: 2_000,
      expected_exact: true,
      outcome: "running",
      counted: 500,
      ongoing: 500,
      ...changes,
    }) as unknown as OperationOutcomeRow;
  const left = (changes: object) => {
    const { remaining, secondsLeft } = toOperation(row(changes)).outcome ?? {};
    return { remaining, secondsLeft };
  };

  test("says how many are left to make, and how long until the last is due, while it runs", () => {
    // 500 in 10 s, so 1,500 in 30 s; the last of 2,000 is due 40 s after it was made.
    expect(left({})).toEqual({ remaining: 1_500, secondsLeft: 70 });
    expect(left({ affected: 2_100 }).remaining).toBe(0);
  });

  test("is the time until the last is due once it has made them all", () => {
    expect(left({ state: "finished", finished_at: at(4) })).toEqual({ remaining: null, secondsLeft: 4 });
    expect(left({ state: "finished", finished_at: at(0) })).toEqual({ remaining: null, secondsLeft: null });
    expect(left({ state: "finished", finished_at: at(4), ongoing: 0 }).secondsLeft).toBeNull();
  });

  test("is left out if the total is unknown or nothing was made yet", () => {
    expect(left({ expected: null, expected_exact: null })).toEqual({ remaining: null, secondsLeft: null });
    expect(left({ affected: 0 })).toEqual({ remaining: 2_000, secondsLeft: null });
  });
});
