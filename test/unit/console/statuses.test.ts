import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Operation, OperationOutcome } from "../../../schema/contract/operations.ts";
import type { DestinationState, DispatchDetail, Stats } from "../../../schema/contract/operator.ts";
import { DEFAULT_HEALTH } from "../../../schema/vocabulary/destination-states.ts";
import { DISPATCH_STATUSES, type DispatchStatus, FINAL_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { STATUS_STYLE } from "../../../workers/console/assets/status-rules.ts";
import { DispatchFilters } from "../../../workers/console/components/Filters.tsx";
import { Status, StatusCounts } from "../../../workers/console/components/Status.tsx";
import { readSearch } from "../../../workers/console/forms/filters.ts";
import { retryFilter } from "../../../workers/console/pages/bulk/bulk-filters.ts";
import { barsOf, failuresOf, resultsOf } from "../../../workers/console/pages/destinations/count-results.ts";
import { DestinationTable } from "../../../workers/console/pages/destinations/DestinationTable.tsx";
import { readDestinationSearch } from "../../../workers/console/pages/destinations/destination-list.ts";
import { adviceOn } from "../../../workers/console/pages/dispatches/advice.ts";
import { DispatchActions } from "../../../workers/console/pages/dispatches/DispatchActions.tsx";
import { OutcomePanel } from "../../../workers/console/pages/operations/OutcomePanel.tsx";
import { HealthSummary } from "../../../workers/console/pages/overview/HealthSummary.tsx";
import { Totals } from "../../../workers/console/pages/overview/Totals.tsx";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const ID = "0199aaaa-0000-7000-8000-000000000001";
const readAsset = (name: string) =>
  readFileSync(new URL(`../../../workers/console/assets/${name}`, import.meta.url), "utf8");
const search = (query: string) => readSearch(new URLSearchParams(query));

/** The markup of a Hono element, with its links as a browser reads them. */
const htmlOf = (element: unknown) => String(element).replaceAll("&amp;", "&");

/** How the console must show each status; a new status does not compile until it is here. */
const EXPECTED: Readonly<
  Record<
    DispatchStatus,
    { bar: { good: number; bad: number }; needsAttention: boolean; advice: string | undefined; button: string }
  >
> = {
  ongoing: { bar: { good: 0, bad: 0 }, needsAttention: false, advice: undefined, button: "Cancel this dispatch" },
  complete: { bar: { good: 1, bad: 0 }, needsAttention: false, advice: undefined, button: 'class="button">Retry<' },
  ignored: { bar: { good: 1, bad: 0 }, needsAttention: false, advice: undefined, button: 'class="button">Retry<' },
  failed: {
    bar: { good: 0, bad: 1 },
    needsAttention: true,
    advice: "All 4 attempts failed. Once A works again, retry it.",
    button: 'class="button primary">Retry<',
  },
  misconfigured: {
    bar: { good: 0, bad: 1 },
    needsAttention: true,
    advice:
      "The executor cannot reach A: bind it under that name (and deploy the executor), or remove the route. Then retry it.",
    button: 'class="button primary">Retry<',
  },
  lost: {
    bar: { good: 0, bad: 1 },
    needsAttention: true,
    advice:
      "Its Workflow instances ended again and again before an attempt could be recorded. Look the instance up in Cloudflare's dashboard, then retry it.",
    button: 'class="button primary">Retry<',
  },
  cancelled: {
    bar: { good: 0, bad: 0 },
    needsAttention: false,
    advice: undefined,
    button: 'class="button primary">Retry<',
  },
};
const NEED_ATTENTION = DISPATCH_STATUSES.filter((status) => EXPECTED[status].needsAttention);
const ATTENTION_QUERY = "status=failed&status=misconfigured&status=lost";

const dispatchOf = (status: DispatchStatus) =>
  ({ id: ID, destination: "A", status, attempts: 4, maxRetries: 3, retriedBy: null }) as DispatchDetail;

describe.each(DISPATCH_STATUSES)("a dispatch that is %s", (status) => {
  const expected = EXPECTED[status];

  test("has a colour, and its step in the timeline has one where it needs attention", () => {
    const [, tone = "none"] =
      new RegExp(`^\\.s-${status} \\{ --tone: (var\\(--\\w+\\)); \\}`, "m").exec(STATUS_STYLE) ?? [];
    expect(readAsset("colors.css")).toContain(`${tone.slice(4, -1)}: `);
    expect(STATUS_STYLE.includes(`.step.s-${status}::before`)).toBe(expected.needsAttention);
  });

  test("is counted in its destination's bars", () => {
    const resulted = [{ at: NOW, destination: "A", status, dispatches: 1 }];
    const stats = { since: NOW, bucketSeconds: 60, resulted, ongoing: [] } as Stats;
    expect(barsOf("A", stats, NOW)).toEqual([expected.bar]);
  });

  test("has a tab among the filters, which is marked when it is selected", () => {
    const known = { destinations: [], routes: [] };
    const html = htmlOf(DispatchFilters({ search: search(`status=${status}`), known }));
    expect(html).toContain(`<a href="/dispatches?status=${status}" aria-current="true">${status}</a>`);
    expect(html).toContain(`<a href="/dispatches?${ATTENTION_QUERY}">needs attention</a>`);
  });

  test("has fitting advice and a fitting button", () => {
    expect(adviceOn(dispatchOf(status))).toBe(expected.advice);
    expect(htmlOf(DispatchActions({ dispatch: dispatchOf(status), typed: {} }))).toContain(expected.button);
  });
});

describe("of all statuses", () => {
  test("each has a distinct shape", () => {
    const shapes = DISPATCH_STATUSES.map((status) => / d="([^"]+)"/.exec(htmlOf(Status({ name: status })))?.[1]);
    expect(new Set(shapes).size).toBe(DISPATCH_STATUSES.length);
    expect(shapes).not.toContain(undefined);
  });

  test("the counts name each, those that need attention first", () => {
    const statuses = Object.fromEntries(DISPATCH_STATUSES.map((status, index) => [status, index + 1]));
    const names = htmlOf(StatusCounts({ statuses })).matchAll(/<\/svg>\d+ (\w+)</g);
    expect([...names].map(([, name]) => name)).toEqual([
      "lost",
      "misconfigured",
      "failed",
      "ongoing",
      "complete",
      "ignored",
      "cancelled",
    ]);
  });

  test("a destination's failures are those that need attention, and its results also include deliveries", () => {
    const statuses = { complete: 1, ignored: 10, failed: 100, misconfigured: 1_000, lost: 10_000, cancelled: 100_000 };
    expect([failuresOf(statuses), resultsOf(statuses)]).toEqual([11_100, 11_111]);
    const health = { statuses, successRate: 0.5, p50Ms: null, p95Ms: null, p99Ms: null };
    const state = {
      name: "A",
      state: "degraded",
      rules: DEFAULT_HEALTH,
      pausedAt: null,
      oldestOngoing: null,
      ongoing: 0,
      hour: health,
      day: health,
    };
    const table = DestinationTable({
      destinations: [state as unknown as DestinationState],
      stats: undefined,
      now: NOW,
      search: readDestinationSearch({}),
    });
    expect(htmlOf(table)).toContain(
      `<a class="bad" href="/dispatches?${ATTENTION_QUERY}&period=24h&of=finished&destination=A">11,100</a>`,
    );
  });

  test("the totals link to deliveries and to what needs attention", () => {
    const total = { emitted: 1, delivered: 2, failed: 3 };
    const links = htmlOf(
      Totals({ total, ongoing: 4, search: { period: "7d" }, destination: undefined, route: undefined }),
    ).matchAll(/href="([^"]+)"/g);
    expect([...links].map(([, href]) => href)).toEqual([
      "/events?period=7d",
      "/dispatches?status=complete&status=ignored&period=7d&of=finished",
      `/dispatches?${ATTENTION_QUERY}&period=7d&of=finished`,
      "/dispatches?status=ongoing",
    ]);
  });

  test("a bulk retry takes those that need attention, and a retry by id takes any final one", () => {
    expect(retryFilter(search(""), NOW).status).toEqual(NEED_ATTENTION);
    expect([...(retryFilter(search(`ids=${ID}`), NOW).status ?? [])].sort()).toEqual([...FINAL_STATUSES].sort());
  });

  test("an operation links to those of its dispatches that need attention", () => {
    const outcome = {
      name: "failed",
      counted: 3,
      failed: 3,
      retried: 2,
      delivered: 0,
      held: 0,
      ongoing: 0,
    } as OperationOutcome;
    const operation = { id: ID, state: "finished", affected: 3, expected: null, outcome } as Operation;
    expect(htmlOf(OutcomePanel({ operation, outcome }))).toContain(
      `<a href="/dispatches?operation=${ID}&${ATTENTION_QUERY}&retried=no">`,
    );
  });

  test.each(["failed", "misconfigured", "lost"] as const)("the summary mentions a dispatch that is %s", (status) => {
    const dates = { first: NOW, last: NOW };
    const told = { key: "k", state: "failing" } as const;
    const group = {
      destination: "A",
      status,
      reason: null,
      reasons: 1,
      dispatches: 1,
      example: ID,
      ...dates,
      ...told,
      notes: [],
      overTime: [],
    };
    const alert = { kind: "failures", tone: "bad", group } as const;
    const summary = HealthSummary({ health: { tone: "bad", alert, others: 0 }, now: NOW, period: "24h" });
    expect(htmlOf(summary)).toContain(`<b>A</b>: 1 dispatch ${status} since `);
    expect(htmlOf(summary)).toContain("still failing");
  });
});
