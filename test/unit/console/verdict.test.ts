import { describe, expect, test } from "vitest";
import type { FailureGroup, Operation, PausedDestination, Problems, Stats } from "../../../schema/contract/operator.ts";
import { attempt, problemOf } from "../../../workers/console/errors/call-error.ts";
import { sinceOf } from "../../../workers/console/format/buckets.ts";
import { barsOf } from "../../../workers/console/pages/destinations/ResultBars.tsx";
import { flowOf, totalOf } from "../../../workers/console/pages/overview/chart.ts";
import { concernsOf, failureSearch, verdictOf } from "../../../workers/console/pages/overview/health.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const ID = "0199aaaa-0000-7000-8000-000000000001";

describe("the verdict", () => {
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

  test("names what is worst: overdue, failing now, paused, failed earlier; and beside it what only goes on", () => {
    const known = {
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
    const concerns = concernsOf(known, NOW);
    const told = concerns.map((one) =>
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
    expect(verdictOf(known, concerns)).toEqual({ tone: "bad", concern: concerns[0], others: 4 });
  });

  test("is good only if the hub has said so", () => {
    const known = { problems: problems(), destinations: [paused({ draining: true })], operations: undefined };
    expect(verdictOf(known, concernsOf(known, NOW))).toEqual({ tone: "good", concern: undefined, others: 0 });
    const unknown = { ...known, problems: undefined };
    expect(verdictOf(unknown, concernsOf(unknown, NOW))).toEqual({ tone: "unknown" });
    const held = { ...known, destinations: [paused({ pausedAt: ago(9) })] };
    expect(verdictOf(held, concernsOf(held, NOW))).toMatchObject({ tone: "warn", others: 0 });
  });

  test("leads to just what it counts, by the part of the reasons that they share", () => {
    const reason = `customer 17 of order ${ID} is locked`;
    const one = failureSearch(failures({ reason }), "24h");
    expect(one).toMatchObject({ status: ["failed"], destination: "A", reason, retried: "no", of: "finished" });
    expect(failureSearch(failures({ reason, reasons: 2 }), "24h").reason).toBe("is locked");
    expect(failureSearch(failures({ reason: null }), "24h").reason).toBe("");
  });
});

describe("the charts", () => {
  const since = sinceOf(3_600, 1_800, NOW);
  const row = (minutes: number, status: "complete" | "failed" | "cancelled", dispatches: number) => ({
    at: new Date(since.getTime() + minutes * 60_000),
    destination: "A",
    status,
    dispatches,
  });
  const stats: Stats = {
    since,
    bucketSeconds: 1_800,
    resulted: [row(0, "complete", 3), row(30, "failed", 2), row(30, "cancelled", 9), row(999, "failed", 1)],
    ongoing: [],
  };

  test("begin at a round time", () => {
    expect(since).toEqual(new Date("2026-11-24T11:00:00.000Z"));
    expect(sinceOf(3_600, 1_800, new Date(NOW.getTime() + 1))).toEqual(new Date("2026-11-24T11:30:00.000Z"));
  });

  test("have a row for each bucket, also one that has begun between two counts, and sums", () => {
    const at = (minutes: number) => new Date(since.getTime() + minutes * 60_000);
    const emitted = [0, 30, 60].map((minutes, index) => ({ at: at(minutes), events: 7 * index }));
    const resulted = [
      { at: at(0), delivered: 3, failed: 0 },
      { at: at(30), delivered: 0, failed: 2 },
    ];
    const flow = flowOf({ since, bucketSeconds: 1_800, emitted, resulted, latency: [], ongoing: 0 });
    expect(flow.map(({ emitted, delivered, failed }) => [emitted, delivered, failed])).toEqual([
      [0, 3, 0],
      [7, 0, 2],
      [14, 0, 0],
    ]);
    expect(totalOf(flow)).toEqual({ emitted: 21, delivered: 3, failed: 2 });
  });

  test("of one destination show what went well and what did not", () => {
    expect(barsOf("A", stats, NOW)).toEqual([
      { good: 3, bad: 0 },
      { good: 0, bad: 2 },
      { good: 0, bad: 0 },
    ]);
    expect(barsOf("B", stats, NOW)[0]).toEqual({ good: 0, bad: 0 });
  });
});

describe("a problem", () => {
  test("has the code and the words of the hub", () => {
    expect(problemOf(new Error("[conflict] dispatch x is complete\nalready"))).toMatchObject({
      code: "conflict",
      message: "dispatch x is complete\nalready",
      status: 409,
      retry: false,
    });
    expect(problemOf(new Error("[unavailable] no answer"))).toMatchObject({ status: 503, retry: true });
  });

  test.each(["Network connection lost", "[unheard_of] x", "x [conflict] y"])(
    "without a code that it knows is one of the way to the hub: %s",
    (message) => {
      expect(problemOf(new Error(message))).toMatchObject({ code: "unreachable", message, status: 502, retry: true });
    },
  );

  test("keeps the rest of a page from nothing", async () => {
    expect(await attempt(Promise.resolve(17))).toEqual({ value: 17 });
    expect((await attempt(Promise.reject(new Error("[not_found] x")))).problem).toMatchObject({ status: 404 });
  });
});
