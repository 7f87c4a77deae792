import { describe, expect, test } from "vitest";
import type { FailureGroup, Operation, PausedDestination, Problems } from "../../../schema/contract/operator.ts";
import { failureSearch } from "../../../workers/console/components/alert.ts";
import { alertsOf, healthOf } from "../../../workers/console/pages/overview/health.ts";

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
    ...changes,
  });
  const problems = (changes: Partial<Problems> = {}): Problems => ({
    since: ago(86_400),
    setup: [],
    failures: [],
    failed: 0,
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

  test("names what was forgotten in the deployment before all else", () => {
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

  test("names what is worst: overdue, failing now, paused, failed earlier; and beside it what only goes on", () => {
    const answers = {
      problems: problems({
        failures: [
          failures({ destination: "OLD", dispatches: 99, last: ago(3_600) }),
          failures({ destination: "FEW" }),
          failures({ destination: "MANY", dispatches: 5, last: ago(3_599) }),
        ],
        overdue: [{ destination: "O", dispatches: 1, oldest: ago(900), example: ID }],
      }),
      destinations: [paused({ draining: true }), paused({ pausedAt: ago(9), draining: true })],
      operations: [{ state: "running" }, { state: "finished" }] as Operation[],
    };
    const alerts = alertsOf(answers, NOW);
    const told = alerts.map((one) =>
      one.kind === "failures" ? [one.kind, one.tone, one.group.destination] : [one.kind, one.tone],
    );
    expect(told).toEqual([
      ["overdue", "bad"],
      ["failures", "bad", "MANY"],
      ["failures", "bad", "FEW"],
      ["paused", "warn"],
      ["failures", "warn", "OLD"],
      ["draining", "info"],
      ["running", "info"],
    ]);
    expect(healthOf(answers, alerts)).toEqual({ tone: "bad", alert: alerts[0], others: 4 });
  });

  test("is good only if the hub has said so", () => {
    const answers = { problems: problems(), destinations: [paused({ draining: true })], operations: undefined };
    expect(healthOf(answers, alertsOf(answers, NOW))).toEqual({ tone: "good", alert: undefined, others: 0 });
    const unanswered = { ...answers, problems: undefined };
    expect(healthOf(unanswered, alertsOf(unanswered, NOW))).toEqual({ tone: "unknown" });
    const held = { ...answers, destinations: [paused({ pausedAt: ago(9) })] };
    expect(healthOf(held, alertsOf(held, NOW))).toMatchObject({ tone: "warn", others: 0 });
  });

  test("leads to just what it counts, by the part of the reasons that they share", () => {
    const reason = `customer 17 of order ${ID} is locked`;
    const one = failureSearch(failures({ reason }), "24h");
    expect(one).toMatchObject({ status: ["failed"], destination: "A", reason, retried: "no", of: "finished" });
    expect(failureSearch(failures({ reason, reasons: 2 }), "24h").reason).toBe("is locked");
    expect(failureSearch(failures({ reason: null }), "24h").reason).toBe("");
  });
});
