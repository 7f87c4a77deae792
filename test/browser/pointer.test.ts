import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

const SECOND = 1_000;

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
  const at = new Date(Date.now() - 600 * SECOND);
  await insertHistory(console.system.database, [{ status: "failed", reason: "HTTP 503", destination: "OWN", at }]);
});
afterAll(() => console.stop());

/** A page with a clock that the test controls, and the number of its requests while it is live. */
async function openLive(path: string): Promise<{ page: Page; asked: () => number }> {
  const page = await console.openAlone(path, { tolerated: [/htmx/i] });
  await page.clock.install();
  await page.reload();
  await expect.poll(() => page.locator("#figures .u-legend").count()).toBe(2);
  let asked = 0;
  page.on("request", (request) => {
    if (
      request.headers()["hx-request"] !== undefined &&
      new URL(request.url()).pathname === new URL(page.url()).pathname
    )
      asked++;
  });
  return { page, asked: () => asked };
}

/** The position of a button. */
const place = async (page: Page, name: string) => {
  const box = await page.getByRole("link", { name }).first().boundingBox();
  if (box === null) throw new Error(`no ${name}`);
  return box;
};

test("a button stays under the pointer once it is there, until the pointer leaves", async () => {
  const { page, asked } = await openLive("/destinations/OWN");
  const before = await place(page, "Retry…");
  await page.mouse.move(before.x - 40, before.y - 40);
  await page.mouse.move(before.x + 5, before.y + 5, { steps: 3 });
  // This would push it down: the destination is paused, and says so above.
  await console.system.operate("pauseDestination", "OWN", "waits for a repair");
  await page.clock.fastForward(6 * SECOND);
  await page.clock.fastForward(6 * SECOND);
  expect(await place(page, "Retry…")).toEqual(before);
  expect(asked()).toBe(0);
  await expect.poll(() => page.locator("#live").innerText()).toMatch(/^Held: \d+ s$/);
  expect(await page.locator("#live").getAttribute("title")).toContain("it waits since the pointer is on a button");

  await page.mouse.move(5, 300, { steps: 3 });
  await page.clock.fastForward(2 * SECOND);
  await expect.poll(() => page.locator("main .advice").count()).toBe(1);
  await expect.poll(() => page.locator("#live").innerText()).toBe("Live");
  expect((await place(page, "Retry…")).y).toBeGreaterThan(before.y);
});

test("a pointer that reaches the button during a request finds it where it was", async () => {
  const { page } = await openLive("/destinations/OWN");
  const before = await place(page, "Retry…");
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const here = (url: URL) => url.pathname === "/destinations/OWN";
  const arrived = new Promise<void>((resolve) => {
    void page.route(here, async (route) => {
      resolve();
      await held;
      await route.continue();
    });
  });
  await console.system.operate("resumeDestination", "OWN");
  await page.clock.fastForward(5 * SECOND);
  await arrived;
  await page.mouse.move(before.x - 40, before.y - 40);
  await page.mouse.move(before.x + 5, before.y + 5, { steps: 3 });
  const responded = page.waitForResponse((response) => here(new URL(response.url())));
  answer();
  await (await responded).finished();
  await page.clock.fastForward(1 * SECOND);
  expect(await place(page, "Retry…")).toEqual(before);
  expect(await page.locator("main .advice").count()).toBe(1);
  await page.mouse.move(5, 300, { steps: 3 });
  await page.clock.fastForward(2 * SECOND);
  await expect.poll(() => page.locator("main .advice").count()).toBe(0);
  expect((await place(page, "Retry…")).y).toBeLessThan(before.y);
});

test("an open menu stops the refreshes of the page, but r still refreshes", async () => {
  const { page, asked } = await openLive("/destinations/OWN");
  await page.getByText("Pause…").click();
  await page.mouse.move(5, 300, { steps: 3 });
  await page.clock.fastForward(6 * SECOND);
  await page.clock.fastForward(6 * SECOND);
  await expect.poll(() => page.locator("#live").innerText()).toMatch(/^Held: \d+ s$/);
  expect(asked()).toBe(0);
  await page.evaluate("document.activeElement.blur()");
  await page.keyboard.press("r");
  await expect.poll(() => page.locator("#live").innerText()).toBe("Live");
  expect(await page.getByRole("button", { name: "Pause OWN" }).isVisible()).toBe(true);
});
