import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_EXPORTED_ROWS } from "../../workers/console/format/csv.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

/** More than a page of the list holds, by somebody whose name is a formula for a spreadsheet. */
const OTHERS = 60;
const HOSTILE = '=HYPERLINK("http://evil.example","x")';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
  await console.system.database.query(
    `insert into eventhub.operations (id, actor, action, arguments, state, created_at, finished_at)
     select eventhub.uuid_at(now() - make_interval(hours => n)), $2, 'resume_destination', '{"name": "OWN"}', 'finished',
       now() - make_interval(hours => n), now() from generate_series(1, $1::int) n`,
    [OTHERS, HOSTILE],
  );
  await console.system.operate("pauseDestination", "OWN", "@SUM(1)", { actor: "ada" });
});
afterAll(() => console.stop());

test("the acts of operators are found by who, what and when, page by page", async () => {
  const page = await console.open("/operations");
  const rows = page.locator("main tbody tr");
  expect(await rows.count()).toBe(50);
  await page.getByRole("link", { name: "Older" }).click();
  await page.waitForURL(/after=/);
  expect(await rows.count()).toBe(OTHERS + 1 - 50);
  await page.getByRole("link", { name: "Newest" }).click();
  await page.getByLabel("Who").fill("ada");
  await page.getByLabel("What").selectOption("Pause");
  await page.getByLabel("Period").selectOption("last 24 hours");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL("/operations?actor=ada&action=pause_destination&period=24h");
  expect(await rows.count()).toBe(1);
  expect(await rows.innerText()).toContain("ada");
  await isAccessible(page);
});

test("the acts that a filter finds are available as CSV or JSON, without formulas for a spreadsheet", async () => {
  const page = await console.open("/operations?period=24h");
  await page.getByText("Export", { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^operations-\d{4}-\d\d-\d\dT\d{4}\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffid,createdAt,actor,action,arguments,state,/);
  expect(lines[1]).toContain(`,ada,pause_destination,"{""name"":""OWN"",""reason"":""@SUM(1)""}",finished,`);
  expect(lines[2]).toContain(`,"'=HYPERLINK(""http://evil.example"",""x"")",resume_destination,`);
  // A day in which something was done every hour.
  expect(lines.length).toBeGreaterThanOrEqual(24);
  expect(lines.length).toBeLessThan(OTHERS);

  const json = await page.request.get("/operations.json?actor=ada");
  expect(json.headers()["content-type"]).toContain("application/json");
  expect(await json.json()).toMatchObject([{ actor: "ada", action: "pause_destination", arguments: { name: "OWN" } }]);
});

test("a file has a maximum size, and its name says if there is more", async () => {
  await console.system.database.query(
    `insert into eventhub.operations (id, actor, action, arguments, state, finished_at)
     select eventhub.new_id(), 'script', 'resume_destination', '{}', 'finished', now() from generate_series(1, $1::int)`,
    [MAX_EXPORTED_ROWS + 1],
  );
  const page = await console.open("/operations");
  const file = await page.request.get("/operations.csv?actor=script");
  expect(file.headers()["content-disposition"]).toMatch(/-and-more\.csv"$/);
  expect((await file.text()).trimEnd().split("\r\n")).toHaveLength(MAX_EXPORTED_ROWS + 1);
});
