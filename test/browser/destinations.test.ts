import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

const MINUTE = 60_000;
/** Destinations that were paused once and have been idle since. */
const IDLE = 50;

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
  const { database } = console.system;
  const past = (count: number, rest: Partial<Past>, agoMinutes = 30): Past[] =>
    Array.from({ length: count }, (_, index) => ({
      status: "complete",
      at: new Date(Date.now() - agoMinutes * MINUTE - index * 1_000),
      ...rest,
    }));
  await insertHistory(database, [
    ...past(39, { destination: "OWN" }),
    ...past(61, { destination: "OWN", status: "failed", reason: "HTTP 503" }),
    ...past(9, { destination: "SINGLE" }),
    ...past(1, { destination: "SINGLE", status: "failed", reason: "customer 17 is locked" }),
    ...past(20, { destination: "SCRIPTED" }),
    // From two hours ago.
    ...past(5, { destination: "SCRIPTED", status: "failed", reason: "earlier" }, 150),
  ]);
  await database.query(
    "insert into eventhub.destinations (name) select 'IDLE_' || n from generate_series(1, $1::int) n",
    [IDLE],
  );
});
afterAll(() => console.stop());

const rows = (page: Page) =>
  page
    .locator("#destinations tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("a, .status")].slice(0, 2).map((one) => one.textContent?.trim())),
    );

describe("the list of destinations", () => {
  test("puts failing destinations first by their rate of failures, and leaves out idle ones", async () => {
    const page = await console.open("/destinations");
    expect((await rows(page)).slice(0, 3)).toEqual([
      ["OWN", "failing"],
      ["SINGLE", "degraded"],
      ["SCRIPTED", "delivering"],
    ]);
    expect(await page.locator("#destinations tbody tr").count()).toBeLessThan(IDLE);
    await page.getByRole("link", { name: /idle ones?$/ }).click();
    await expect.poll(() => page.locator("#destinations tbody tr").count()).toBeGreaterThan(IDLE);
    await isAccessible(page);
  });

  test("can be sorted by its heads and filtered by state and name, and the address keeps this", async () => {
    const page = await console.open("/destinations");
    await page.getByRole("link", { name: "Failed, 24 h" }).click();
    await page.waitForURL("/destinations?sort=failed");
    expect((await rows(page)).slice(0, 3).map(([name]) => name)).toEqual(["OWN", "SCRIPTED", "SINGLE"]);
    await page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "degraded 1" }).click();
    await page.waitForURL("/destinations?state=degraded&sort=failed");
    expect(await rows(page)).toEqual([["SINGLE", "degraded"]]);
    await page.getByRole("link", { name: "all", exact: true }).click();
    await page.getByLabel("Name contains").fill("idle_4");
    await page.getByLabel("Name contains").press("Enter");
    await page.waitForURL("/destinations?sort=failed&q=idle_4");
    expect(await rows(page)).toHaveLength(11);
  });
});

test("a destination's page has charts, and marking a part there shows its dispatches", async () => {
  const page = await console.open("/destinations/SCRIPTED");
  const figures = page.locator("#figures");
  await figures.waitFor();
  expect(await figures.locator(".tile").allInnerTexts()).toEqual([
    expect.stringMatching(/Dispatched\s+25/),
    expect.stringMatching(/Delivered\s+20/),
    expect.stringMatching(/Failed\s+5/),
    expect.stringMatching(/Ongoing now\s+0/),
  ]);
  await expect.poll(() => figures.locator("#chart-latency canvas").count()).toBe(1);

  // Marks the first four fifths of the day: what failed two and a half hours ago is outside.
  const plot = await figures.locator("#chart-flow .u-over").boundingBox();
  if (plot === null) throw new Error("no chart");
  await page.mouse.move(plot.x + plot.width * 0.01, plot.y + 50);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.8, plot.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/\/destinations\/SCRIPTED\?from=\d{4}-\d\d-\d\dT\d\d%3A[03]0%3A00&to=/);
  await expect.poll(() => page.locator("#figures").innerText()).toContain("Nothing has happened in this time");
  expect(await page.locator("#latest").innerText()).toContain("Dispatches of this time");
  expect(await page.locator("#latest tbody tr").count()).toBe(0);
  await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "24h" }).click();
  await expect.poll(() => page.locator("#latest tbody tr").count()).toBe(10);
  await isAccessible(page);
});

test("a destination's page shows its configuration and its routes, but nothing that may be secret", async () => {
  const told = async (name: string) => {
    const page = await console.open(`/destinations/${name}`);
    return page.locator("#configured");
  };
  const hook = await (await told("HOOK")).innerText();
  for (const text of ["webhooks.test", "HOOK_SECRET_NEW, HOOK_SECRET_OLD", "X-Api-Version"])
    expect(hook).toContain(text);
  expect(hook).not.toContain("/hook");
  expect(await (await told("BREAKER")).innerText()).toContain(
    "pauses it when 4 calls or more of 60 s have all failed; tries one at each look",
  );
  expect(await (await told("OWN")).innerText()).toContain("EVENTHUB_WORKFLOW_OWN");
  expect(await (await told("OWN")).innerText()).toContain(
    "failing if less than 50 % of what ended in the last hour was delivered; degraded if less than 95 %",
  );
  const scripted = await told("SCRIPTED");
  await scripted.getByRole("link", { name: "no retries" }).click();
  await scripted.page().waitForURL("/routes/no%20retries");
});

test("a destination that drains says how much is left and until when", async () => {
  const { database } = console.system;
  await insertHistory(
    database,
    Array.from({ length: 900 }, (): Past => ({ status: "ongoing", destination: "ALERTING" })),
  );
  await database.query(
    "insert into eventhub.destinations (name, drain_from, drained_at) values ('ALERTING', now() + interval '1 min', now())",
  );
  const page = await console.open("/destinations/ALERTING");
  expect(await page.locator("#draining").innerText()).toMatch(
    /^It drains: 900 dispatches of those that it held are still to go, 50 a second, oldest first\. The last goes out at about \d\d:\d\d\.$/,
  );
});
