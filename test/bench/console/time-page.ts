import type { Browser } from "playwright-core";
import { readCpu } from "../stack/cpu.ts";
import { median } from "../statistics.ts";
import { LIMITS, type PageAsked, type PageKind } from "./pages.ts";

/** How long a page took, in milliseconds. */
export interface Timing {
  path: string;
  kind: PageKind;
  status: number;
  bytes: number;
  firstMs: number;
  serverMs: number;
  worstMs: number;
  /** How long the database works for one request. Unlike the other times, it does not grow when the machine is busy. */
  databaseMs: number;
  /** The time until the page answers to a person; null for a file. */
  interactiveMs: number | null;
  /** The time until the parts that the page loads later are there as well; null if there are none. */
  wholeMs: number | null;
  /** Whether the median in the server, or the time until the page answers to a person, is over {@link LIMITS}. */
  slow: boolean;
}

/** The longest wait for the parts that a page loads later. */
const WHOLE_TIMEOUT_MS = 60_000;

/** Requests a page `rounds` times after a first time, and opens it up to three times in a browser with an empty cache. */
export async function timePage(
  browser: Browser,
  origin: string,
  { path, kind }: PageAsked,
  { rounds, postgresPid }: { rounds: number; postgresPid: number },
): Promise<Timing> {
  const href = new URL(path, origin).href;
  const first = await ask(href);
  const next: number[] = [];
  const before = databaseMs(postgresPid);
  for (let round = 0; round < rounds; round++) next.push((await ask(href)).ms);
  const after = databaseMs(postgresPid);
  const opened: Opened[] = [];
  // A page that needs seconds by its nature tells as much if it is opened once.
  const times = kind === "file" ? 0 : kind === "preview" ? 1 : Math.min(3, rounds);
  for (let round = 0; round < times; round++) opened.push(await open(browser, href));
  const serverMs = median(next);
  const interactiveMs = opened.length === 0 ? null : median(opened.map((one) => one.interactiveMs));
  const whole = opened.flatMap((one) => one.wholeMs ?? []);
  const limits = LIMITS[kind];
  return {
    path: path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>"),
    kind,
    status: first.status,
    bytes: first.bytes,
    firstMs: first.ms,
    serverMs,
    worstMs: Math.max(...next),
    databaseMs: (after - before) / rounds,
    interactiveMs,
    wholeMs: whole.length === 0 ? null : median(whole),
    slow: serverMs > limits.serverMs || (interactiveMs ?? 0) > limits.interactiveMs,
  };
}

const databaseMs = (postgres: number) => readCpu({ workersGroup: -1, endpoint: -1, postgres }).postgres * 1_000;

async function ask(href: string) {
  const start = performance.now();
  const response = await fetch(href, { signal: AbortSignal.timeout(120_000) });
  const body = await response.arrayBuffer();
  return { status: response.status, bytes: body.byteLength, ms: performance.now() - start };
}

interface Opened {
  interactiveMs: number;
  wholeMs: number | undefined;
}

/** Measures from the click to the end of the page's own scripts, and until its deferred parts are there. */
async function open(browser: Browser, href: string): Promise<Opened> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(href, { timeout: 120_000 });
    const interactiveMs = (await page.evaluate(
      "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd",
    )) as number;
    if ((await page.locator(".deferred").count()) === 0) return { interactiveMs, wholeMs: undefined };
    const missing = page.locator(".deferred > p:only-child").first();
    await missing.waitFor({ state: "detached", timeout: WHOLE_TIMEOUT_MS });
    return { interactiveMs, wholeMs: performance.now() - start };
  } finally {
    await context.close();
  }
}
