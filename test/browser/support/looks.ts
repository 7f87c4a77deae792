import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { ROOT } from "../../support/wrangler-config.ts";

/** Where {@link screenshot} puts its pictures, for people to look at. */
const SCREENSHOTS = join(ROOT, ".data", "screenshots");

/** The narrowest screen that the console is made for, in CSS pixels. */
const NARROW = 360;

/** An ordinary screen, in CSS pixels. */
const WIDE = 1_280;

/** How a page is looked at, one after the other; axe, which costs the most, sees each theme and each width once. */
const LOOKS = [
  { theme: "light", width: WIDE, axe: true },
  { theme: "light", width: NARROW, axe: false },
  { theme: "dark", width: NARROW, axe: true },
  { theme: "dark", width: WIDE, axe: false },
] as const;

/** Opens a page and looks at it in both themes, wide and at 360 px: it must be accessible and fit its width; leaves screenshots of all. */
export async function looksRight(open: (path: string) => Promise<Page>, path: string, name: string) {
  const page = await open(path);
  for (const { theme, width, axe } of LOOKS) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 800 });
    await screenshot(page, `${name}-${theme}${width === WIDE ? "" : `-${width}`}`);
    await fits(page);
    if (axe) await isAccessible(page);
  }
  await page.close();
}

/** Checks what axe-core can see of WCAG 2.2 A and AA, and its best practices. */
export async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html }) => html.slice(0, 200)),
  }));
  expect(told, `accessibility of ${page.url()}`).toEqual([]);
}

/** A page is never wider than its window: what is, scrolls in a box of its own. */
export async function fits(page: Page): Promise<void> {
  const { wide, window } = (await page.evaluate(
    "({ wide: document.documentElement.scrollWidth, window: innerWidth })",
  )) as { wide: number; window: number };
  expect(wide, `width of ${page.url()}`).toBeLessThanOrEqual(window);
}

/** A picture of the whole page in .data/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
