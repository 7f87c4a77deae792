/**
 * `npm run bench:console -- [--dispatches N] [--rounds N]`: how long the console's pages take beside N made-up dispatches (default a million): from
 * request to the last byte, and in Chromium until a page answers to a person.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { Client } from "pg";
import type { Browser } from "playwright-core";
import { createTestHarness } from "wrangler";
import { seed } from "../../infra/cli/seed.ts";
import { launchChromium } from "../browser/support/chromium.ts";
import { consoleWorker } from "../support/console-worker.ts";
import { startBackend } from "./stack/start-backend.ts";
import { median } from "./statistics.ts";

/** Of the history, in days. */
const DAYS = 7;
/** What an operator should wait at most: issue 8. */
const TARGETS = { serverMs: 300, interactiveMs: 1_000 };

interface Timing {
  path: string;
  status: number;
  bytes: number;
  firstMs: number;
  serverMs: number;
  worstMs: number;
  interactiveMs: number;
}

const { values } = parseArgs({
  options: { dispatches: { type: "string", default: "1000000" }, rounds: { type: "string", default: "10" } },
});
const dispatches = integer("dispatches", values.dispatches);
const rounds = integer("rounds", values.rounds);

await using resources = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-console-"));
resources.defer(() => rm(directory, { recursive: true, force: true }));
const backend = await startBackend(directory);
resources.defer(() => backend.stop());
const made = await seed({
  url: backend.oursUrl,
  dispatches,
  days: DAYS,
  onProgress: (n) => console.error(`${n} dispatches`),
});

const vars = { DATABASE_URL: backend.oursUrl, DATABASE_ENDPOINT: backend.endpointUrl };
const harness = createTestHarness({
  workers: [
    consoleWorker("console", { LOCAL_ACTOR: "bench" }),
    {
      config: {
        name: "hub",
        main: join(import.meta.dirname, "../../workers/hub/worker.ts"),
        compatibility_date: "2026-10-30",
        vars,
        queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: "bench" }] },
      },
    },
  ],
});
const { url } = await harness.listen();
resources.defer(() => harness.close());
const browser = await launchChromium();
resources.defer(() => browser.close());

const timings: Timing[] = [];
for (const path of await pathsOf(backend.oursUrl)) timings.push(await time(browser, new URL(path, url).href, path));
print(timings);
console.log(JSON.stringify({ bench: "console", dispatches: made, targets: TARGETS, timings }));

function integer(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name} must be a positive integer, got ${JSON.stringify(text)}`);
  process.exit(2);
}

/** The pages, with ids that there are. */
async function pathsOf(database: string): Promise<string[]> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; event_id: string }>(
      "select id, event_id from eventhub.dispatches where status = 'failed' order by id desc limit 1",
    );
    const { id = "", event_id: event = "" } = rows[0] ?? {};
    return [
      "/",
      "/figures",
      "/figures?period=7d",
      "/figures?period=30d",
      "/dispatches",
      "/dispatches?status=failed",
      "/dispatches?status=failed&destination=BILLING",
      "/dispatches?status=ongoing",
      "/dispatches?reason=upstream",
      "/dispatches?route=route-7",
      `/dispatches/${id}`,
      "/dispatches/retry?status=failed&destination=BILLING",
      "/events",
      `/events/${event}`,
      "/destinations",
      "/destinations/BILLING",
      `/routes?event=${event}`,
      "/operations",
      `/search?q=${id}`,
    ];
  } finally {
    await client.end();
  }
}

async function time(browser: Browser, href: string, path: string): Promise<Timing> {
  const ask = async () => {
    const start = performance.now();
    const response = await fetch(href, { signal: AbortSignal.timeout(120_000) });
    const body = await response.arrayBuffer();
    return { status: response.status, bytes: body.byteLength, ms: performance.now() - start };
  };
  const first = await ask();
  const next: number[] = [];
  for (let round = 0; round < rounds; round++) next.push((await ask()).ms);
  const interactive: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round++) interactive.push(await interactiveMs(browser, href));
  return {
    path: path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "<id>"),
    status: first.status,
    bytes: first.bytes,
    firstMs: first.ms,
    serverMs: median(next),
    worstMs: Math.max(...next),
    interactiveMs: median(interactive),
  };
}

/** From the click to the end of the page's own scripts, with an empty cache. */
async function interactiveMs(browser: Browser, href: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(href, { timeout: 120_000 });
    return (await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")) as number;
  } finally {
    await context.close();
  }
}

function print(rows: readonly Timing[]): void {
  const table = new Table({
    head: ["page", "status", "kB", "first ms", "median ms", "worst ms", "interactive ms"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    const times = [row.firstMs, row.serverMs, row.worstMs, row.interactiveMs].map((ms) => ms.toFixed(0));
    table.push([row.path, row.status, (row.bytes / 1_000).toFixed(0), ...times]);
  }
  console.log(
    `${made.toLocaleString("en-US")} dispatches; ${rounds} requests a page after the first\n${table.toString()}`,
  );
}
