/** `npm run screenshots`: what a person sees who goes from the overview to a delivery that failed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import { launchChromium } from "./support/chromium.ts";
import { PICTURES, SHOWN, stylesOfNow } from "./support/pictures.ts";

const WIDTH = 1_280;
const OVERVIEW_HEIGHT = 1_040;

/** How long the demo may still be working. */
const SETTLED_MS = 180_000;

/** The destination of the demo that fails until somebody retries. */
const FAILING = "CRM";

const HELP = `npm run screenshots -- [--url URL]

Takes the pictures of the console for its page, of a demo that was started with
npm run demo -- --reset --events 329.

  --url URL  of that demo (default http://localhost:3041)
  --help     this`;

const { url } = readCall({ name: "screenshots", help: HELP }, (args) =>
  parseOptions(args, { url: { type: "string", default: "http://localhost:3041" } }),
);

// The fonts that people see: the pinned Chromium's own font has neither ✓ nor →.
process.env.FONTCONFIG_FILE ??= "/etc/fonts/fonts.conf";
await using resources = new AsyncDisposableStack();
const browser = await launchChromium();
resources.defer(() => browser.close());
const page = await browser.newPage({
  viewport: { width: WIDTH, height: 800 },
  baseURL: url,
  colorScheme: "light",
  locale: "en-GB",
});
const shown: string[] = [];
try {
  await takeOverview(page);
  await takeDispatch(page);
  writeFileSync(SHOWN, `${[...shown, ...stylesOfNow()].join("\n")}\n`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\nIs npm run demo -- --reset --events 329 running?`);
  process.exitCode = 1;
}

async function takeOverview(page: Page): Promise<void> {
  await openOverview(page);
  shown.push(...(await texts(page, "menu", "header nav a", OVERVIEW_HEIGHT)));
  shown.push(...(await picture(page, "overview", OVERVIEW_HEIGHT)));
  await page.emulateMedia({ colorScheme: "dark" });
  await openOverview(page);
  await picture(page, "overview-dark", OVERVIEW_HEIGHT);
  await page.emulateMedia({ colorScheme: "light" });
  await openOverview(page);
}

async function openOverview(page: Page): Promise<void> {
  await page.goto("/?period=1h");
  await page.locator(".alert", { hasText: FAILING }).waitFor();
  // Both charts, and the table of destinations.
  await page.locator("figure canvas").nth(1).waitFor();
  await page.locator("table.destinations").waitFor();
  await page.locator(".tile", { hasText: /^Ongoing now\s*0$/ }).waitFor({ timeout: SETTLED_MS });
}

async function takeDispatch(page: Page): Promise<void> {
  await page.locator(".alert", { hasText: FAILING }).getByRole("link", { name: "List them" }).click();
  await page.locator("main a[data-row]").first().click();
  await page.locator("#timeline").waitFor();
  shown.push(...(await picture(page, "dispatch", 800)));
}

/** Takes a picture, and gives the words in it. */
async function picture(page: Page, name: string, height: number): Promise<string[]> {
  await page.setViewportSize({ width: WIDTH, height });
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
  return await texts(page, name, "main h2, main th", height);
}

/** The words that stand within a picture, a line each. */
async function texts(page: Page, name: string, selector: string, height: number): Promise<string[]> {
  const found = await page.locator(selector).filter({ visible: true }).all();
  const lines: string[] = [];
  for (const one of found) {
    const box = await one.boundingBox();
    const text = (await one.innerText()).trim();
    if (box !== null && box.y + box.height <= height && text !== "") lines.push(`${name}: ${text}`);
  }
  return lines;
}
