import { describe, expect, it } from "vitest";
import type { Group } from "../../infra/demo/once/queries.ts";
import {
  formatFaults,
  formatJson,
  formatOpen,
  formatTable,
  isGood,
  type Outcome,
} from "../../infra/demo/once/report.ts";

const group = (destination: string, status: string, dispatches = 1): Group => ({
  destination,
  status,
  dispatches,
  attempts: dispatches + 1,
  retries: 1,
  p50Ms: 12,
  p99Ms: 12_345,
});

function outcome(all: Group[], missing = 0): Outcome {
  return { emitted: 2, seconds: 1.26, counts: { total: 3, final: 3, ongoing: 0 }, groups: all, all, missing };
}

describe("the demo's report", () => {
  it("is good if every dispatch ended as intended for its destination", () => {
    const good = outcome([group("STABLE", "complete", 2), group("MISSING", "misconfigured")]);
    const repaired = outcome([group("CRM", "failed"), group("CRM", "complete")]);
    expect(isGood(repaired)).toBe(true);
    expect(isGood(good)).toBe(true);
    expect(formatFaults(good)).toBe("");
    expect(JSON.parse(formatJson(good))).toEqual({
      ok: true,
      emitted: 2,
      dispatches: 3,
      ongoing: 0,
      missing: 0,
      seconds: 1.3,
      destinations: [
        { kind: "worker", ...good.groups[0] },
        { kind: "worker", ...good.groups[1] },
      ],
      unexpected: [],
    });
  });

  it.each(["ongoing", "failed", "lost", "ignored", "misconfigured", "cancelled"])("is bad with one %s", (status) => {
    const bad = outcome([group("STABLE", "complete", 2), group("STABLE", status)]);
    expect(isGood(bad)).toBe(false);
    expect(formatFaults(bad)).toBe(`not as expected: 1 of STABLE ${status}, expected complete`);
  });

  it("is bad if the CRM neither fails nor delivers", () => {
    expect(formatFaults(outcome([group("CRM", "lost")]))).toBe(
      "not as expected: 1 of CRM lost, expected failed or complete",
    );
  });

  it("is bad if a missing binding delivered, or a promised dispatch is absent", () => {
    const bad = outcome([group("MISSING", "complete")], 2);
    expect(isGood(bad)).toBe(false);
    expect(formatFaults(bad)).toBe(
      "not as expected: 1 of MISSING complete, expected misconfigured; 2 that emit() promised are not in the database",
    );
  });

  it("has a line for each destination and status", () => {
    const lines = formatTable([
      group("FLAKY", "complete", 3),
      { ...group("JOBS", "ongoing"), p50Ms: null, p99Ms: null },
    ]);
    const cells = lines.split("\n").map((line) =>
      line
        .split("│")
        .map((cell) => cell.trim())
        .filter(Boolean),
    );
    expect(cells.slice(1, -1)).toEqual([
      ["destination", "kind", "status", "dispatches", "attempts", "retries", "p50", "p99"],
      ["FLAKY", "worker", "complete", "3", "4", "1", "12 ms", "12.3 s"],
      ["JOBS", "queue", "ongoing", "1", "2", "1", "-", "-"],
    ]);
  });

  it("names what is still open, and counts the rest", () => {
    const open = {
      id: "d1",
      destination: "SLOW",
      attempts: 2,
      reason: "timeout",
      next: "-00:00:01",
      lease: null,
      instance: "i1",
    };
    expect(formatOpen([open], { total: 9, final: 6, ongoing: 3 }, 180.4)).toBe(
      "gave up after 180 s with 3 dispatches open:\n" +
        "  d1 SLOW: 2 attempts, next attempt in -00:00:01, lease none, instance i1, timeout\n" +
        "  and 2 more",
    );
  });
});
