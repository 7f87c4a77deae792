/**
 * `npm run screenshots -- [--url http://localhost:3041]`: README's pictures of the console, of the demo as `npm run demo -- --reset --events 329`
 * leaves it: as a person sees it who goes from the overview to a delivery that failed.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { ROOT } from "../support/wrangler-config.ts";
import { launchChromium } from "./support/chromium.ts";

const PICTURES = join(ROOT, "workers/console/screenshots");
const WIDTH = 1_280;

/** How long the demo may still be at work. */
const SETTLED_MS = 180_000;

/** The destination of the demo that fails until somebody retries. */
const FAILING = "CRM";

const { values } = parseArgs({ options: { url: { type: "string", default: "http://localhost:3041" } } });

// As people see it: the pinned Chromium's own font has neither ✓ nor →.
process.env.FONTCONFIG_FILE ??= "/etc/fonts/fonts.conf";
await using resources = new AsyncDisposableStack();
const browser = await launchChromium();
resources.defer(() => browser.close());
const page = await browser.newPage({
  viewport: { width: WIDTH, height: 800 },
  baseURL: values.url,
  colorScheme: "light",
  locale: "en-GB",
});
try {
  await takeOverview(page);
  await takeDispatch(page);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\nIs npm run demo -- --reset --events 329 running?`);
  process.exitCode = 1;
}

async function takeOverview(page: Page): Promise<void> {
  await page.goto("/?period=1h");
  await page.locator(".alert", { hasText: FAILING }).waitFor();
  // Both charts, and the table of destinations.
  await page.locator("figure canvas").nth(1).waitFor();
  await page.locator("table.destinations").waitFor();
  await page.locator(".tile", { hasText: /^Ongoing now\s*0$/ }).waitFor({ timeout: SETTLED_MS });
  await picture(page, "overview", 1_040);
}

async function takeDispatch(page: Page): Promise<void> {
  await page.locator(".alert", { hasText: FAILING }).getByRole("link", { name: "See" }).click();
  await page.locator("main a[data-row]").first().click();
  await page.locator("#timeline").waitFor();
  await picture(page, "dispatch", 800);
}

async function picture(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height });
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}
