import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECK_WORDS } from "../../schema/vocabulary/check-words.ts";
import { VERSION } from "../../schema/vocabulary/version.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { fits, isAccessible } from "./support/looks.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
  const { harness, database } = console.system;
  await harness.getWorker("hub").scheduled({ cron: "* * * * *" });
  await harness.getWorker("executor").scheduled({ cron: "* * * * *" });
  await database.query(
    "update eventhub.heartbeats set deployed_at = now() - interval '1 hour', version = case name when 'executor' then '0.9.0' else version end",
  );
});
afterAll(() => console.stop());

test("the overview says in plain words what is wrong with the deployment, and links to the last runs of hub and executor", async () => {
  const page = await console.open("/");
  const part = page.locator("#deployment");
  const { what, todo } = CHECK_WORDS.versions_differ;
  await expect.poll(() => part.innerText()).toContain(what);
  expect(await part.innerText()).toContain(`hub ${VERSION}, executor 0.9.0: ${todo}`);
  await part.getByRole("link", { name: "Runs and versions" }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe("/deployment");
  expect(await page.locator("#r-executor").innerText()).toContain("0.9.0");
  expect(await page.locator("#r-hub").innerText()).toContain(VERSION);
  await isAccessible(page);
  await page.setViewportSize({ width: 360, height: 640 });
  await fits(page);
});
