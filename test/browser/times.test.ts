import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

/** Kolkata is five and a half hours ahead of UTC, in summer and in winter. */
const ZONE = "Asia/Kolkata";
const AT = new Date("2026-06-24T20:00:05.070Z");

let console: ConsoleUnderTest;
let dispatch: string;
beforeAll(async () => {
  console = await startConsole();
  const [made] = await insertHistory(console.system.database, [{ status: "failed", reason: "HTTP 503", at: AT }]);
  dispatch = made?.id ?? "";
});
afterAll(() => console.stop());

test("every time is in the reader's own zone, which is named; z shows UTC, and the choice is kept", async () => {
  const page = await console.openAlone(`/dispatches/${dispatch}`, { zone: ZONE });
  const timeline = page.locator("#timeline");
  const zone = page.locator("#zone");
  expect(await zone.innerText()).toBe("GMT+5:30");
  expect(await timeline.innerText()).toContain("2026-06-25 01:30:05.070 GMT+5:30");
  expect(await timeline.innerText()).not.toContain("UTC");
  expect(await timeline.locator("time").first().getAttribute("title")).toBe(
    "2026-06-25 01:30:05.070 GMT+5:30\n2026-06-24 20:00:05.070 UTC",
  );
  await page.keyboard.press("z");
  expect(await zone.innerText()).toBe("UTC");
  expect(await timeline.innerText()).toContain("2026-06-24 20:00:05.070 UTC");
  await page.reload();
  expect(await timeline.innerText()).toContain("2026-06-24 20:00:05.070 UTC");
  await zone.click();
  expect(await timeline.innerText()).toContain("2026-06-25 01:30:05.070 GMT+5:30");
  await page.goto("/figures?from=2026-06-24T19:00:00&to=2026-06-24T21:00:00");
  expect(await page.locator("#chart-flow details th").first().textContent()).toBe("From (GMT+5:30)");
  expect(await page.locator("#chart-flow details td").first().textContent()).toBe("2026-06-25 00:30");
});

test("a filter's times are typed in that zone, its labels name the zone, and the address has them in UTC for everybody", async () => {
  const page = await console.openAlone("/dispatches", { zone: ZONE });
  await page.getByText("Any time", { exact: true }).click();
  await page.getByLabel("From (GMT+5:30)").fill("2026-06-25T01:30:00");
  await page.getByLabel("To (GMT+5:30)").fill("2026-06-25T01:31:00");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL("/dispatches?from=2026-06-24T20%3A00%3A00&to=2026-06-24T20%3A01%3A00");
  expect(await page.locator("main tbody tr").count()).toBe(1);
  expect(await page.getByLabel("From (GMT+5:30)").inputValue()).toMatch(/^2026-06-25T01:30/);
  await page.keyboard.press("z");
  expect(await page.getByLabel("From (UTC)").inputValue()).toMatch(/^2026-06-24T20:00/);
  // A time that has not been changed is sent as it was.
  const sent = page.waitForRequest((request) => request.isNavigationRequest());
  await page.getByRole("button", { name: "Find" }).click();
  expect(new URL((await sent).url()).search).toBe("?from=2026-06-24T20%3A00%3A00&to=2026-06-24T20%3A01%3A00");
});
