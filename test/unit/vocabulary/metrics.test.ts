import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CHECK_WORDS } from "../../../schema/vocabulary/check-words.ts";
import { CHECK_NAMES, CHECKS } from "../../../schema/vocabulary/checks.ts";
import { LATENCY_BOUNDS, METRICS } from "../../../schema/vocabulary/metrics.ts";
import { VERSION } from "../../../schema/vocabulary/version.ts";
import { DOCUMENTS } from "../../support/pages.ts";
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
    expect(name.endsWith("_seconds")).toBe("unit" in entry);
    expect(entry.what).toMatch(/^[A-Z0-9].*[^.]$/);
  }
  expect(LATENCY_BOUNDS).toEqual([...LATENCY_BOUNDS].sort((one, other) => one - other));
});

test("the version in heartbeats is that of the package", () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string };
  expect(VERSION).toBe(version);
});
