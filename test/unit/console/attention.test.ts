import { describe, expect, test } from "vitest";
import type { Operation } from "../../../schema/contract/operations.ts";
import type { PausedDestination } from "../../../schema/contract/operator.ts";
import type { FailureGroup, Problems, RetryingGroup } from "../../../schema/contract/problems.ts";
import { failureSearch, retryingSearch } from "../../../workers/console/components/alert-search.ts";
import { alertsOf, healthOf } from "../../../workers/console/pages/overview/attention.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const ID = "0199aaaa-0000-7000-8000-000000000001";

describe("the health of the hub", () => {
  const failures = (changes: Partial<FailureGroup>): FailureGroup => ({
    destination: "A",
    status: "failed",
    reason: "no",
    reasons: 1,
    dispatches: 1,
    first: ago(900),
    last: ago(60),
    example: ID,
    key: "k",
    state: "failing",
    overTime: [],
    notes: [],
    ...changes,
  });
  const retrying = (changes: Partial<RetryingGroup>): RetryingGroup => ({
    destination: "A",
    dispatches: 214,
    exact: true,
    reason: "HTTP 503",
    reasons: 1,
    since: ago(60),
    nextAttemptAt: null,
    example: ID,
    ...changes,
  });
  const problems = (changes: Partial<Problems> = {}): Problems => ({
    since: ago(86_400),
    setup: [],
    failures: [],
    failed: 0,
    retrying: [],
    overdue: [],
    exact: true,
    ...changes,
  });
  const paused = (changes: Partial<PausedDestination>): PausedDestination => ({
    name: "P",
    pausedAt: null,
    pausedBy: null,
    pauseReason: null,
    draining: false,
    ongoing: 0,
    ...changes,
  });

  test("names a missing part of the deployment first", () => {
    const fault = { fault: "queue_unconsumed", since: ago(600), what: "nobody takes them", todo: "bind it" } as const;
    const answers = {
      problems: problems({ setup: [fault], failures: [failures({})] }),
      destinations: [],
      operations: [],
    };
    const alerts = alertsOf(answers, NOW);
    expect(alerts[0]).toEqual({ kind: "setup", tone: "bad", fault });
    expect(healthOf(answers, alerts)).toEqual({ tone: "bad", alert: alerts[0], others: 1 });
  });

  test("names the worst problem: overdue, then incidents in the hub's order, retries and pauses; and counts the others", () => {
    const answers = {
      problems: problems({
        failures: [
          failures({ destination: "NIGHT", dispatches: 472, state: "stopped", last: ago(36_000) }),
          failures({ destination: "FEW" }),
          failures({ destination: "NEWS", state: "quiet", last: ago(3_599) }),
          failures({ destination: "OLD", state: "quiet", last: ago(3_600) }),
        ],
        retrying: [retrying({ destination: "AGAIN" }), retrying({ destination: "JUST", since: ago(59) })],
        overdue: [{ destination: "O", dispatches: 1, oldest: ago(900), example: ID }],
      }),
      destinations: [paused({ draining: true }), paused({ pausedAt: ago(9), draining: true })],
      operations: [{ state: "running" }, { state: "finished" }] as Operation[],
    };
    const alerts = alertsOf(answers, NOW);
    const told = alerts.map((one) =>
      one.kind === "failures" || one.kind === "retrying"
        ? [one.kind, one.tone, one.group.destination]
        : [one.kind, one.tone],
    );
    expect(told).toEqual([
      ["overdue", "bad"],
      ["failures", "warn", "NIGHT"],
      ["failures", "bad", "FEW"],
      ["failures", "bad", "NEWS"],
      ["failures", "warn", "OLD"],
      ["retrying", "warn", "AGAIN"],
      ["retrying", "info", "JUST"],
      ["paused", "warn"],
      ["draining", "info"],
      ["running", "info"],
    ]);
    expect(healthOf(answers, alerts)).toEqual({ tone: "bad", alert: alerts[0], others: 6 });
    // It is as bad as the worst of all, though that is not what hurts most.
    const failing = { ...answers, problems: problems({ failures: answers.problems.failures }) };
    expect(healthOf(failing, alertsOf(failing, NOW))).toMatchObject({
      tone: "bad",
      alert: { group: { destination: "NIGHT" } },
    });
  });

  test("is not good if dispatches have been retried for a minute, and links to them by reason", () => {
    const of = (group: RetryingGroup) => ({
      problems: problems({ retrying: [group] }),
      destinations: [],
      operations: [],
    });
    const lasts = of(retrying({}));
    expect(healthOf(lasts, alertsOf(lasts, NOW))).toMatchObject({ tone: "warn", alert: { kind: "retrying" } });
    const settles = of(retrying({ since: ago(59) }));
    expect(healthOf(settles, alertsOf(settles, NOW))).toMatchObject({ tone: "good", others: 0 });
    expect(retryingSearch(retrying({ reasons: 2, reason: `order ${ID} is locked` }))).toEqual({
      status: ["ongoing"],
      destination: "A",
      reason: "is locked",
    });
  });

  test("is good only if the hub has answered", () => {
    const answers = { problems: problems(), destinations: [paused({ draining: true })], operations: undefined };
    expect(healthOf(answers, alertsOf(answers, NOW))).toEqual({ tone: "good", alert: undefined, others: 0 });
    const unanswered = { ...answers, problems: undefined };
    expect(healthOf(unanswered, alertsOf(unanswered, NOW))).toEqual({ tone: "unknown" });
    const held = { ...answers, destinations: [paused({ pausedAt: ago(9) })] };
    expect(healthOf(held, alertsOf(held, NOW))).toMatchObject({ tone: "warn", others: 0 });
  });

  test("links to exactly what it counts, by the common part of the reasons", () => {
    const reason = `customer 17 of order ${ID} is locked`;
    const one = failureSearch(failures({ reason }));
    expect(one).toMatchObject({ status: ["failed"], destination: "A", reason, retried: "no", of: "finished" });
    expect(one).toMatchObject({ from: "2026-11-24T11:45", to: "2026-11-24T12:00" });
    expect(failureSearch(failures({ reason, reasons: 2 })).reason).toBe("is locked");
    expect(failureSearch(failures({ reason: null })).reason).toBe("");
  });
});
