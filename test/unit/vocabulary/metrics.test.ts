import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CHECK_WORDS } from "../../../schema/vocabulary/check-words.ts";
import { CHECK_NAMES, CHECKS } from "../../../schema/vocabulary/checks.ts";
import {
  COUNTED_METRICS,
  COUNTERS_CATCH_UP_HOURS,
  COUNTERS_LAG_SECONDS,
  LATENCY_BOUNDS,
  MAX_METRIC_DESTINATIONS,
  METRICS,
  METRICS_CACHE_SECONDS,
  OTHER,
} from "../../../schema/vocabulary/metrics.ts";
import { VERSION } from "../../../schema/vocabulary/version.ts";
import { DOCUMENTS, tells } from "../../support/pages.ts";
import { ROOT } from "../../support/wrangler-config.ts";

/** The rows of the table of the pages that begins with this head. */
function tableOf(head: string): string[] {
  const [, table = ""] = DOCUMENTS.split(`${head}\n|${"---|".repeat(head.split("|").length - 2)}\n`);
  return table.slice(0, table.indexOf("\n\n")).split("\n");
}

test("the page's table of metrics equals that of the code", () => {
  const rows = Object.entries(METRICS).map(([name, { type, labels, what }]) => {
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${what}. |`;
  });
  expect(tableOf("| name | type | labels | |")).toEqual(rows);
});

test("the page's table of checks equals that of the code", () => {
  const rows = CHECK_NAMES.map((name) => {
    const { what, todo } = CHECK_WORDS[name];
    return `| \`${name}\` | ${CHECKS[name].stops ? "503" : ""} | ${what} | ${todo} |`;
  });
  expect(tableOf("| check | health | what is wrong | what to do |")).toEqual(rows);
});

test("a metric's name is valid for Prometheus, ends with its unit if it has one, and has no suffix of a sample", () => {
  for (const [name, entry] of Object.entries(METRICS)) {
    expect(name).toMatch(/^eventhub_[a-z_]+$/);
    expect(name).not.toMatch(/_(total|bucket|count|sum|info)$/);
    expect("unit" in entry ? entry.unit : undefined).toBe(name.endsWith("_seconds") ? "seconds" : undefined);
    expect(entry.what).toMatch(/^[A-Z0-9].*[^.]$/);
  }
});

test("the histograms' bounds are these, by which counts are stored: from a tenth of a second to a day", () => {
  expect(LATENCY_BOUNDS).toEqual([0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400]);
});

test("what Postgres stores are the counters and the histograms", () => {
  const stored = Object.entries(METRICS).filter(([, { type }]) => type === "counter" || type === "histogram");
  expect(COUNTED_METRICS).toEqual(stored.map(([name]) => name));
  expect(COUNTED_METRICS).toContain("eventhub_events_emitted");
  expect(COUNTED_METRICS).toContain("eventhub_due_to_result_seconds");
});

test("100 destinations have samples, counters are a minute behind and catch up a day, and an answer is kept for 15 s", () => {
  expect([MAX_METRIC_DESTINATIONS, OTHER]).toEqual([100, "_other"]);
  expect([COUNTERS_LAG_SECONDS, COUNTERS_CATCH_UP_HOURS, METRICS_CACHE_SECONDS]).toEqual([60, 24, 15]);
  expect(tells("The first 100 destinations for which something was counted have samples of their own.")).toBe(true);
});

test("the version in heartbeats is that of the package", () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string };
  expect(VERSION).toBe(version);
});
