import { describe, expect, it } from "vitest";
import type { Row } from "../bench/bench.ts";
import type { Cost, Costs } from "../bench/cases/counts.ts";
import { monthlyBill, TRAFFIC } from "../bench/cost/model.ts";
import { dayLines } from "../bench/report/cost.ts";
import { formatTargets } from "../bench/report/counts.ts";
import { formatReadme } from "../bench/report/readme.ts";
import { formatRows } from "../bench/report/table.ts";
import { FULL, readResults } from "../bench/results.ts";
import type { Spread } from "../bench/statistics.ts";
import { PAGES } from "../support/pages.ts";

const of = (median: number, rounds = 3): Spread => ({ median, min: median / 2, max: median * 2, rounds });

const cost: Cost = {
  databaseRequests: 0.2,
  databaseConnections: 0,
  statements: 1,
  rows: 5,
  walBytes: 4_000,
  storedBytes: 2_000,
  workersCpuMs: 1,
  postgresCpuMs: 1,
  rpcCalls: 2,
  queueSends: 0.01,
  queueWrites: 0.01,
  queueReads: 0.01,
  queueDeletes: 0.01,
  queueBatches: 0.01,
  instances: 0.1,
  steps: 0.1,
  stepAttempts: 0.1,
  workflowBytes: 1_234,
  logLines: 0.1,
};
const peer: Cost = { ...cost, databaseRequests: 0, databaseConnections: 2, instances: 0, steps: 0, workflowBytes: 0 };
const alone: Cost = { ...cost, databaseRequests: 3, steps: 1 };

const costs = (changed: Partial<Cost> = {}): Costs => ({
  single: { handle: alone, handleBatch: alone, peer },
  steady: { handle: cost, handleBatch: cost, peer },
  burst: { handle: { ...cost, ...changed }, handleBatch: cost, peer },
});

const burst: Row = {
  case: "a",
  title: "burst of 10,000, fan-out 1",
  note: "of 2,000 dispatches for the peer",
  unit: "/s",
  values: { handle: of(600), handleBatch: of(999), peer: of(100) },
  targets: { handle: 6, handleBatch: 10 },
};
const emit: Row = {
  case: "c",
  title: "emit, 1 connection, p50",
  unit: "ms",
  values: { handle: of(4.1), peer: of(10) },
  targets: { handle: 0.4 },
};
const beside: Row = {
  case: "g",
  title: "beside 1,000,000: burst of 1,000, fan-out 1",
  unit: "/s",
  values: { handle: of(500), handleBatch: of(600) },
  ofEmpty: { handle: of(0.9), handleBatch: of(0.89) },
};

describe("the benchmark's table", () => {
  const lineOf = (row: Row) => formatRows([row]).split("\n").at(-2) ?? "";

  it("says whether each target was met or missed", () => {
    expect(lineOf(burst)).toContain("6 ok (at least 6)");
    expect(lineOf(burst)).toContain("9.99 MISSED (at least 10)");
    expect(lineOf(emit)).toContain("0.41 MISSED (at most 0.4)");
    expect(lineOf({ ...emit, values: { handle: of(4), peer: of(10) } })).toContain("0.4 ok (at most 0.4)");
  });

  it("compares a case beside a million rows with the same case on empty tables", () => {
    expect(lineOf(beside)).toContain("0.9 (0.45-1.8) of empty ok (at least 0.9)");
    expect(lineOf(beside)).toContain("0.89 (0.45-1.78) of empty MISSED (at least 0.9)");
  });

  it("says whether the counts are within their targets, too", () => {
    expect(formatTargets(costs())).not.toContain("MISSED");
    expect(formatTargets(costs({ databaseRequests: 0.21, instances: 0.11 })).match(/.*MISSED.*/g)).toEqual([
      "  h  burst, handle: 0.21 database requests MISSED (at most 0.2)",
      "  h  burst, handle: 0.11 Workflow instances MISSED (at most 0.1)",
    ]);
  });
});

describe("the benchmark's section of the README", () => {
  const RUN = {
    date: "2026-11-24",
    machine: "2 cores",
    commit: "0123456789ab-dirty",
    command: "npm run bench",
    seconds: 840,
    floor: {
      instancesPerSecond: of(480),
      messagesPerSecond: of(30_000),
      callsPerSecond: of(20_000),
      roundTripMs: of(0.7),
      roundTripsPerSecond: of(2_000),
      chainMs: of(11),
    },
    rows: [burst, emit, beside],
    costs: costs(),
  };
  const section = formatReadme(RUN);
  const line = (start: string) => section.split("\n").find((text) => text.startsWith(`| ${start}`));

  it("says where the peer got a smaller burst, and compares beside empty tables", () => {
    expect(line("(a)")).toBe(
      "| (a) burst of 10,000, fan-out 1 (of 2,000 dispatches for the peer) | 600/s (300-1,200) | 999/s (500-1,998) | 100/s (50-200) | 6 times | 9.99 times |",
    );
    expect(line("(g)")).toContain("| 0.9 of empty (0.45-1.8) | 0.89 of empty (0.45-1.78) |");
  });

  it("counts the connections that the peer opens, and the storage that Workflows use", () => {
    expect(line("database connections opened")).toBe("| database connections opened | 0 | 2 | 0 | 2 | 0 | 2 |");
    expect(line("bytes that Workflows keep")).toBe("| bytes that Workflows keep | 1,234 | 0 | 1,234 | 0 | 1,234 | 0 |");
  });

  it("says what one event would take without this hub", () => {
    expect(
      formatReadme({ ...RUN, rows: [{ case: "d", title: "one event", unit: "ms", values: { handle: of(13) } }] }),
    ).toContain("Of the 13 ms of (d), 11 ms are a `select 1`, a queue message,");
  });

  it("has no value without a text", () => {
    expect(section).not.toMatch(/undefined|NaN/);
  });
});

describe("the bill", () => {
  it("includes the storage of finished Workflow instances for seven days, beyond the first gigabyte", () => {
    const [traffic] = TRAFFIC;
    if (traffic === undefined) throw new Error("no traffic");
    const gigabyte = (1e9 * 30.4) / 7 / traffic.events;
    const storage = (bytes: number) =>
      monthlyBill("handle", traffic, { ...cost, workflowBytes: bytes }).workflowStorageGbMonths;
    expect(storage(gigabyte)).toBeCloseTo(0, 9);
    expect(storage(gigabyte * 2)).toBeCloseTo(0.2, 9);
  });
});

it("shows on its page the bills of a day that the alarm's code of now leads to", async () => {
  const { costs } = await readResults(FULL);
  if (costs === undefined) throw new Error(`${FULL} has no counts`);
  const page = PAGES.get("test/bench/README.md") ?? "";
  const lines = dayLines(costs).rows.map((cells) => `| ${cells.join(" | ")} |`);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => !page.includes(line))).toEqual([]);
});
