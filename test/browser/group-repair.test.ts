import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("a user who opens the console repairs one cause after the other, sees each delivered, and the overview healthy again", async () => {
  const at = new Date(Date.now() - 10 * 60_000);
  const past = (more: Partial<Past>): Past => ({ status: "failed", at, attempts: 4, ...more });
  const stubborn = {
    to: "SINGLE",
    script: [{ return: { result: "failed", reason: "the card is locked", retry: false } }],
  };
  await insertHistory(console.system.database, [
    ...Array.from({ length: 25 }, (_, n) => past({ reason: `HTTP 503 from host ${n}: upstream overloaded` })),
    past({ destination: "SINGLE", reason: "no answer within 30 s" }),
    past({ destination: "SINGLE", reason: "no answer within 30 s", payload: stubborn }),
  ]);
  const page = await console.open("/");
  const health = page.locator("#health-summary");
  const alert = (text: string) => page.locator("main li.alert").filter({ hasText: text });
  const outcome = page.locator("#outcome .advice");
  const retry = async (text: string, button: string) => {
    await alert(text).getByRole("link", { name: "Retry…" }).click();
    await page.getByRole("button", { name: button }).click();
    await page.waitForURL(/\/operations\//);
  };
  await expect.poll(() => health.innerText()).toContain("SCRIPTED: 25 dispatches failed since ");

  await retry("upstream overloaded", "Retry 25 dispatches to SCRIPTED");
  await expect.poll(() => outcome.innerText()).toBe("all 25 delivered. Back to the overview");
  expect(await page.locator("h1").innerText()).toContain("finished");
  await outcome.getByRole("link", { name: "Back to the overview" }).click();
  await expect.poll(() => health.innerText()).toContain("SINGLE: 2 dispatches failed");
  expect(await alert("upstream overloaded").count()).toBe(0);

  await retry("no answer within 30 s", "Retry 2 dispatches to SINGLE");
  await expect
    .poll(() => outcome.innerText())
    .toBe("1 of 2 failed again, 1 of 2 delivered. See why 1 did not get through");
  await outcome.getByRole("link", { name: "See why" }).click();
  await expect.poll(() => page.locator("main tbody tr").count()).toBe(1);
  expect(await page.locator("main tbody tr").innerText()).toContain("the card is locked");

  // A final dispatch can be retried, but not cancelled.
  await page.locator("main tbody").getByRole("checkbox").check();
  expect(await page.locator("#chosen button").allInnerTexts()).toEqual(["Retry…"]);

  // Its cause is fixed.
  await console.system.database.query(
    `update eventhub.events set payload = '{"to": "SINGLE"}' where payload ? 'script'`,
  );
  await page.locator("main tbody tr").getByRole("link").first().click();
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await expect.poll(() => page.locator("h1").innerText()).toContain("complete");
  await page.locator("nav").getByRole("link", { name: "Overview" }).click();
  await expect.poll(() => health.innerText()).toMatch(/^Healthy\./);

  // The operation still tells truly what it has made.
  await page.locator("nav").getByRole("link", { name: "Operations" }).click();
  await page.locator("main tbody tr").nth(1).getByRole("link").first().click();
  await expect
    .poll(() => outcome.innerText())
    .toBe("1 of 2 failed again, 1 of 2 delivered. 1 of those that failed was retried since.");
});

test("an operation that nobody has begun is starting only while its form has just been sent", async () => {
  const id = randomUUID();
  const page = await console.open(`/operations/${id}?sent=${Date.now()}`, { tolerated: [/status of 404/] });
  expect(await page.locator("h1").innerText()).toBe("Starting …");
  // The page shows by itself what has begun in the meantime.
  await console.system.database.query(
    `insert into eventhub.operations (id, actor, action, arguments, state, finished_at)
     values ($1, 'ada', 'cancel_dispatches', '{}', 'finished', now())`,
    [id],
  );
  await expect.poll(() => page.locator("h1").innerText()).toContain("finished");
  const answer = await page.goto(`/operations/${randomUUID()}?sent=${Date.now() - 60_000}`);
  expect([answer?.status(), await page.locator("h1").innerText()]).toEqual([404, "Not started"]);
  expect((await page.goto(`/operations/${randomUUID()}`))?.status()).toBe(404);
  expect(await page.locator("h1").innerText()).toBe("Not found");
});
