import { afterAll, beforeAll, expect, test } from "vitest";
import { failAndHold, insertWaiting } from "../support/flow-database.ts";
import { closeTab } from "./support/close.ts";
import { ACTOR, type ConsoleUnderTest, says, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

const operations = async () =>
  (await console.system.operate<{ actor: string; action: string; arguments: object }[]>("listOperations")).map(
    ({ actor, action, arguments: args }) => ({ actor, action, args }),
  );

test("a key with a control character is paused and resumed on its destination's page, without scripts", async () => {
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
  await says(page, "Paused: this key is held until it is resumed; the others go on.");
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^paused since /);
  await row.getByRole("button", { name: "Resume" }).click();
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^nothing due yet until /);
  expect((await operations()).slice(0, 2)).toEqual([
    { actor: ACTOR, action: "resume_key", args: { destination: "KEYED", key, of: "limits", reason: null } },
    { actor: ACTOR, action: "pause_key", args: { destination: "KEYED", key, of: "limits", reason: null } },
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
    /waits for a failed dispatch ahead of it\s+\w+\s+failed for good and holds key order-17: retry it, or go on without it. 2 more before this one./,
  );
  await page.goto("/destinations/HELD");
  const row = page.locator("#orders tbody tr");
  expect(await row.locator("td").allInnerTexts()).toEqual([
    "order-17",
    expect.stringMatching(/^held by\s+\w{8}/),
    "3",
    "0",
    expect.stringMatching(next.slice(-8)),
    expect.stringMatching(/^in /),
    expect.stringMatching(/Release\s+Pause/),
  ]);
  await row.getByRole("link", { name: holding.slice(-8) }).click();
  expect(await page.locator("main .advice").innerText()).toContain("It holds its key, order-17");
  await page.getByText("Release its key…").click();
  await page.getByRole("button", { name: "Go on without it" }).click();
  await says(page, "Released: its key goes on without the failed dispatch.");
  await closeTab(page);
  page = await console.open(`/dispatches/${next}`);
  expect(await page.locator("#timeline li").last().innerText()).toMatch(/^Attempt 1 of 1 is due/);
});

test("a key of an order is paused and resumed without affecting the others", async () => {
  const { database } = console.system;
  await insertWaiting(database, [
    { destination: "HELD", order: "alone-1", dueInSeconds: 3_600 },
    { destination: "HELD", order: "alone-2", dueInSeconds: 3_600 },
  ]);
  const page = await console.openAlone("/destinations/HELD", { javascript: false });
  const row = page.locator("#orders tbody tr").filter({ hasText: "alone-1" });
  await row.getByRole("button", { name: "Pause" }).click();
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^paused since /);
  const other = page.locator("#orders tbody tr").filter({ hasText: "alone-2" });
  expect(await other.locator("td").nth(1).innerText()).toMatch(/^nothing due yet until /);
  await row.getByRole("button", { name: "Resume" }).click();
  expect(await row.locator("td").nth(1).innerText()).toMatch(/^nothing due yet until /);
  // Its pause as a whole is beside its name, since it has no keys of limits.
  expect(await page.locator("#keys").getByRole("button").count()).toBe(0);
});

test("limits of a destination and of a key are set for a while and reset, without scripts", async () => {
  const { database } = console.system;
  await insertWaiting(database, [{ destination: "KEYED", key: "cust-1", dueInSeconds: 3_600 }]);
  await database.query("insert into eventhub.flow_keys (destination, key, ready) values ('KEYED', 'cust-1', true)");
  const page = await console.openAlone("/destinations/KEYED", { javascript: false, tolerated: [/400/] });
  const menu = page.locator(".heading details").filter({ hasText: "Limits" });
  await menu.locator("summary").click();
  await menu.getByLabel("Calls", { exact: true }).fill("0");
  await menu.getByLabel("For").selectOption("4h");
  await menu.getByRole("button", { name: "Set limits of KEYED" }).click();
  expect(await page.locator(".error-box").innerText()).toContain(
    "[invalid_arguments] setting.rate.limit: must be a number from 0.001 to 100000, got 0",
  );
  // The form has again what was typed.
  expect(await menu.getByLabel("Calls", { exact: true }).inputValue()).toBe("0");
  expect(await menu.getByLabel("For").inputValue()).toBe("4h");
  await menu.getByLabel("Calls", { exact: true }).fill("30");
  await menu.getByLabel("in so many seconds").fill("60");
  await menu.getByLabel("Most calls in flight").fill("none");
  await menu.getByRole("button", { name: "Set limits of KEYED" }).click();
  await says(page, "Set: these limits apply for a while, starting now.");
  expect(await page.locator("form.advice").innerText()).toMatch(
    /An operator has set other limits until .*: 30 in 60 s; any number at once\. Reset/,
  );

  const row = page.locator("#keys tbody tr").filter({ hasText: "cust-1" });
  await row.locator("summary").click();
  await row.getByLabel("Turns for each turn of others").fill("0.5");
  await row.getByRole("button", { name: "Set limits of cust-1" }).click();
  expect(await row.locator("td").first().innerText()).toMatch(
    /^cust-1 by hand: 0.5 turns for each turn of others, until /,
  );
  await page.goto("/destinations");
  expect(await page.locator("#n-KEYED td").nth(1).innerText()).toContain("limits by hand: 30 in 60 s");
  await page.goto("/destinations/KEYED");
  await row.getByRole("button", { name: "Reset the limits of cust-1" }).click();
  expect(await row.locator("td").first().innerText()).toBe("cust-1");
  await page.locator("form.advice").getByRole("button", { name: "Reset" }).click();
  await says(page, "Reset: the configured limits apply again.");
  expect(await page.locator("form.advice").count()).toBe(0);
  expect((await operations()).slice(0, 4)).toEqual([
    { actor: ACTOR, action: "reset_flow", args: { destination: "KEYED" } },
    { actor: ACTOR, action: "reset_flow", args: { destination: "KEYED", key: "cust-1" } },
    {
      actor: ACTOR,
      action: "set_flow",
      args: { destination: "KEYED", key: "cust-1", weight: 0.5, until: expect.any(String) },
    },
    {
      actor: ACTOR,
      action: "set_flow",
      args: {
        destination: "KEYED",
        rate: { limit: 30, perSeconds: 60, burst: 1 },
        concurrency: null,
        until: expect.any(String),
      },
    },
  ]);
});
