import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axeCore, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { ROOT } from "../../support/wrangler-config.ts";
import { closeTab } from "./close.ts";

/** Whether to take pictures for people to look at. */
const SCREENSHOTS_WANTED = process.env.SCREENSHOTS === "1";

/** Where {@link screenshot} saves its pictures. */
const SCREENSHOTS = join(ROOT, ".data", "screenshots");

/** The narrowest screen for which the console is made, in CSS pixels. */
const NARROW = 360;

/** An ordinary screen, in CSS pixels. */
const WIDE = 1_280;

/** The rows of a table that axe sees again in the second theme, since it takes longer than all else. Every status should be among them. */
export const ROWS_SEEN_AGAIN = 20;

/**
 * Opens a page and checks it in both themes, wide and at 360 px: it must be accessible and fit its width. axe sees each theme and each width once.
 */
export async function looksRight(open: (path: string) => Promise<Page>, path: string, name: string) {
  const page = await open(path);
  const look = async (theme: "light" | "dark", width: number) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 800 });
    await screenshot(page, `${name}-${theme}${width === WIDE ? "" : `-${width}`}`);
    await fits(page);
  };
  await look("light", WIDE);
  await isAccessible(page);
  await look("light", NARROW);
  await look("dark", WIDE);
  await look("dark", NARROW);
  // The same code makes the rows after these, and they were checked in the light theme.
  await page.evaluate(`for (const table of document.querySelectorAll("main tbody"))
    for (const row of [...table.children].slice(${ROWS_SEEN_AGAIN})) row.remove();`);
  await isAccessible(page);
  await closeTab(page);
}

/**
 * Checks everything that axe-core can see of WCAG 2.2 A and AA, and its best practices. The console has no frames, in which it would have to run as
 * well.
 */
export async function isAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeCore.source);
  // For passed rules, not every element is reported: that would be most of the work.
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html }) => html.slice(0, 200)),
  }));
  expect(told, `accessibility of ${page.url()}`).toEqual([]);
}

/** Checks that a page is not wider than its window: wider parts scroll in a box of their own. */
export async function fits(page: Page): Promise<void> {
  // After the window has changed, scripts fit the charts at the next frame.
  const { wide, window } = (await page.evaluate(`new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() =>
      resolve({ wide: document.documentElement.scrollWidth, window: innerWidth }))))`)) as {
    wide: number;
    window: number;
  };
  expect(window).toBe(page.viewportSize()?.width);
  expect(wide, `width of ${page.url()}`).toBeLessThanOrEqual(window);
}

/** Saves a picture of the whole page in .data/screenshots if pictures are wanted: they take as long as all checks. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS_WANTED) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
