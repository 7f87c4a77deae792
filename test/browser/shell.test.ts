import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeTab } from "./support/close.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { fits, isAccessible, screenshot } from "./support/looks.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("every page says who is signed in, and where, in the environment's colour", async () => {
  const page = await console.open("/");
  expect(await page.locator("header").first().innerText()).toMatch(/test[\s\S]*ada@example\.com/);
  const color = await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--environment')");
  expect(color).toBe("#0a7");
});

test("an unknown address gets a page that says so and leads on", async () => {
  const page = await console.open("/nowhere", { tolerated: [/status of 404/] });
  expect(await page.locator("h1").innerText()).toBe("Not found");
  await isAccessible(page);
  await page.locator("nav a").first().click();
  await expect.poll(() => new URL(page.url()).pathname).toBe("/");
});

test("on a phone the header leaves room for the page, and everything to touch has room for a finger", async () => {
  const page = await console.open("/dispatches", { width: 390, height: 844 });
  const heights = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((all) =>
        all
          .filter((one) => (one as unknown as { checkVisibility(): boolean }).checkVisibility())
          .map(
            (one) => (one as unknown as { getBoundingClientRect(): { height: number } }).getBoundingClientRect().height,
          ),
      );
  expect(Math.max(...(await heights("header.top")))).toBeLessThanOrEqual(88);
  expect(
    Math.min(...(await heights("header.top :is(a, button, input), main :is(a, button, summary)"))),
  ).toBeGreaterThan(23);
  expect(Math.min(...(await heights("main .button.primary")))).toBeGreaterThanOrEqual(44);
});

test("an overview on which nothing has happened yet says what to do next", async () => {
  const page = await console.open("/?period=1h");
  expect(await page.locator("#health-summary").innerText()).toMatch(/^Healthy\./);
  const figures = page.locator("#figures");
  await expect.poll(() => figures.innerText()).toContain("Nothing has happened in the last hour");
  await figures.getByRole("link", { name: "Emit an event" }).click();
  await expect.poll(() => page.locator("h1").innerText()).toBe("Emit an event");
});

describe("a user who is not let in", () => {
  test.each(["light", "dark"] as const)(
    "is told why on a readable page, at 360 px and in a %s theme",
    async (theme) => {
      // With another name that leads to this machine: the browser takes it for the console's.
      const page = await console.profile.newPage();
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width: 360, height: 640 });
      const told: string[] = [];
      page.on("console", (message) => told.push(message.text()));
      await page.goto(console.origin.replace("127.0.0.1", "rebound.example"));
      expect(await page.locator("h1").innerText()).toBe("Open only on this machine");
      await fits(page);
      await isAccessible(page);
      await screenshot(page, `refused-${theme}-360`);
      expect(told.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
      expect(await page.evaluate("getComputedStyle(document.body).fontFamily")).toContain("system-ui");
      await closeTab(page);
    },
  );
});
