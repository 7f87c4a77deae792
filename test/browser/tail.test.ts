import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("the live tail shows what happens without a reload, and only what a filter leaves of it", async () => {
  const { database } = console.system;
  const [before] = await insertHistory(database, [
    { status: "failed", destination: "BILLING", reason: "HTTP 503", payload: { kind: "order.paid" }, attempts: 3 },
  ]);
  const page = await console.open("/");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Live tail" }).click();
  const rows = page.locator("main tbody tr");
  const texts = async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
  await expect
    .poll(texts)
    .toEqual([
      expect.stringMatching(/failed order\.paid BILLING 0 ms .*HTTP 503/),
      expect.stringMatching(/event, 1 dispatch order\.paid/),
    ]);

  const [after] = await insertHistory(database, [
    { status: "complete", destination: "SHIP", payload: { type: "order.sent" } },
  ]);
  await expect.poll(async () => (await texts()).length).toBe(4);
  expect(await rows.first().getAttribute("id")).toMatch(
    new RegExp(`^t-(result|event)-(${after?.id}|${after?.eventId})`),
  );

  await page.locator("select[name=only]").selectOption("result");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL("/live?only=result");
  await page.getByLabel("Destination", { exact: true }).fill("BILLING");
  await page.getByLabel("Destination", { exact: true }).press("Enter");
  await page.waitForURL("/live?destination=BILLING&only=result");
  await expect.poll(texts).toEqual([expect.stringMatching(/failed order\.paid BILLING/)]);
  await rows.getByRole("link").first().click();
  await page.waitForURL(`/dispatches/${before?.id}`);
});
