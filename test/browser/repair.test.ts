import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { ACTOR, type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("somebody who opens the console sees what failed and why, repairs it, and watches it being delivered", async () => {
  const { database } = console.system;
  const at = new Date(Date.now() - 10 * 60_000);
  const reason = "HTTP 503 from billing.internal: upstream overloaded";
  const [failed] = await insertHistory(database, [{ status: "failed", reason, at, attempts: 4 }]);
  const page = await console.open("/");
  const concern = page.locator("main li, main tr").filter({ hasText: reason }).first();
  expect(await concern.innerText()).toMatch(/failed[\s\S]*SCRIPTED/);
  await concern.getByRole("link", { name: "See" }).click();
  // A single one is shown at once, several as a list.
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/dispatches/${failed?.id}`);
  expect(await page.locator("main").innerText()).toContain(reason);
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await expect.poll(() => page.locator("h1").innerText()).toContain("complete");
  const rows = await database.query<{ status: string; actor: string }>(
    "select d.status, o.actor from eventhub.dispatches d join eventhub.operations o on o.id = d.operation_id where d.retry_of = $1",
    [failed?.id],
  );
  expect(rows).toEqual([{ status: "complete", actor: ACTOR }]);
  await page.locator("nav").getByRole("link", { name: "Overview" }).click();
  await expect.poll(() => page.locator("main").innerText()).not.toContain(reason);
});
