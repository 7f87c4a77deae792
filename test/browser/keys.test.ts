import { afterAll, beforeAll, expect, test } from "vitest";
import { failAndHold, insertWaiting } from "../support/flow.ts";
import { ACTOR, type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

const operations = async () =>
  (await console.system.operate<{ actor: string; action: string; arguments: object }[]>("listOperations")).map(
    ({ actor, action, arguments: args }) => ({ actor, action, args }),
  );

test("a key with a control character in it is paused and resumed on its destination's page, without scripts", async () => {
  const { database } = console.system;
  const key = "cust\u0007 17\n";
  await insertWaiting(database, [
    { destination: "KEYED", key, dueInSeconds: 3_600 },
    { destination: "KEYED", key: "other" },
  ]);
  await database.query(
    "insert into eventhub.flow_keys (destination, key, ready, wake_at) values ('KEYED', $1, false, now() + interval '1 hour')",
    [key],
  );
  const page = await console.openAlone("/destinations/KEYED", { javascript: false });
  const row = page.locator("#keys tbody tr").filter({ hasText: "cust" });
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^nothing due yet until /);
  await row.getByRole("button", { name: "Pause" }).click();
  expect(await page.locator("#flash").innerText()).toBe(
    "Paused: this key is held until it is resumed; the others go on.",
  );
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^paused since /);
  await row.getByRole("button", { name: "Resume" }).click();
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^nothing due yet until /);
  expect((await operations()).slice(0, 2)).toEqual([
    { actor: ACTOR, action: "resume_key", args: { destination: "KEYED", key, reason: null } },
    { actor: ACTOR, action: "pause_key", args: { destination: "KEYED", key, reason: null } },
  ]);
});

test("a dispatch says what it waits for, and its order is released where it is held", async () => {
  const { database } = console.system;
  const rows = Array.from({ length: 4 }, () => ({ destination: "HELD", order: "order-17", dueInSeconds: 3_600 }));
  const [holding = "", next = "", , last = ""] = await insertWaiting(database, rows);
  let page = await console.open(`/dispatches/${last}`);
  const timeline = page.locator("#timeline");
  expect(await timeline.locator("li").last().innerText()).toMatch(
    /^Attempt 1 of 1 waits for its turn\s+3 before it in key order-17 of HELD, the first of which is/,
  );
  await failAndHold(database, holding);
  await page.reload();
  expect(await timeline.locator("li").last().innerText()).toMatch(
    /waits for one that failed before it\s+\w+\s+failed for good and holds key order-17: retry it, or go on without it. 2 more before this one./,
  );
  await page.goto("/destinations/HELD");
  const row = page.locator("#keys tbody tr");
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^held by\s+\w{8}/);
  await row.getByRole("link", { name: holding.slice(-8) }).click();
  expect(await page.locator("main .advice").innerText()).toContain("It holds its key, order-17");
  await page.getByText("Release its key…").click();
  await page.getByRole("button", { name: "Go on without it" }).click();
  expect(await page.locator("#flash").innerText()).toBe("Released: its key goes on without what failed.");
  await page.close();
  page = await console.open(`/dispatches/${next}`);
  expect(await page.locator("#timeline li").last().innerText()).toMatch(/^Attempt 1 of 1 is due/);
});
