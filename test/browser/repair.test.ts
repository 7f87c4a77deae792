import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { ACTOR, type ConsoleUnderTest, says, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("a user who opens the console sees what failed and why, repairs it, and watches it being delivered", async () => {
  const { database } = console.system;
  const at = new Date(Date.now() - 10 * 60_000);
  const reason = "HTTP 503 from billing.internal: upstream overloaded";
  const [failed] = await insertHistory(database, [{ status: "failed", reason, at, attempts: 4 }]);
  const page = await console.open("/");
  const alert = page.locator("main li, main tr").filter({ hasText: reason }).first();
  expect(await alert.innerText()).toMatch(/failed[\s\S]*SCRIPTED/);
  await alert.getByRole("link", { name: "Open it" }).click();
  // A single dispatch is shown at once, several as a list.
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

test("one dispatch is retried with other settings; a refusal of the hub is shown with what was typed", async () => {
  const { database } = console.system;
  const [failed] = await insertHistory(database, [{ status: "failed", reason: "timed out", attempts: 4 }]);
  const page = await console.open(`/dispatches/${failed?.id}`, { tolerated: [/status of 400/] });
  await page.getByText("Retry with other settings…").click();
  const retries = page.getByLabel("Retries after the first attempt");
  await retries.fill("many");
  await page.getByRole("button", { name: "Retry with these" }).click();
  await expect
    .poll(() => page.locator("main [role=alert]").allInnerTexts())
    .toEqual([expect.stringContaining("[invalid_arguments] overrides.maxRetries: must be an integer from 0 to 1000")]);
  // The fold is open, so that the input is visible; and no refresh removes it.
  expect([await retries.isVisible(), await retries.inputValue()]).toEqual([true, "many"]);
  expect(await page.locator("#live").count()).toBe(0);
  await retries.fill("7");
  await page.getByRole("button", { name: "Retry with these" }).click();
  await says(page, "Retried: this is the new dispatch.");
  await expect.poll(() => page.locator("h1").innerText()).toContain("complete");
  expect(
    await database.query("select max_retries, status from eventhub.dispatches where retry_of = $1", [failed?.id]),
  ).toEqual([{ max_retries: 7, status: "complete" }]);
  await page.goto(`/dispatches/${failed?.id}`);
  expect(await page.getByRole("link", { name: "Go to its retry" }).getAttribute("href")).toMatch(/^\/dispatches\//);
});

describe("one dispatch is cancelled", () => {
  const waiting = async () =>
    (await console.system.emit({ to: "SCRIPTED" }, { delaySeconds: 86_400 })).events[0]?.dispatches[0]?.id ?? "";

  test("after the page has said what that means", async () => {
    const id = await waiting();
    const page = await console.open(`/dispatches/${id}`);
    await page.getByText("Cancel…").click();
    await page.getByRole("button", { name: "Cancel this dispatch" }).click();
    await says(page, "Cancelled: it will not be delivered.");
    expect(await page.locator("h1").innerText()).toContain("cancelled");
    const [newest] = await console.system.operate<object[]>("listOperations");
    expect(newest).toMatchObject({ action: "cancel_dispatch", actor: ACTOR, affected: 1, arguments: { id } });
    expect(
      await console.system.database.query("select status, reason from eventhub.dispatches where id = $1", [id]),
    ).toEqual([{ status: "cancelled", reason: `cancelled by ${ACTOR}` }]);
    await page.reload();
    expect(await page.locator("#flash").innerText()).toBe("");
  });

  test("unless somebody was faster, and then the page says so", async () => {
    const id = await waiting();
    const page = await console.openAlone(`/dispatches/${id}`, { javascript: false, tolerated: [/status of 409/] });
    await console.system.database.query(
      "update eventhub.dispatches set status = 'complete', resulted_at = now() where id = $1",
      [id],
    );
    await page.getByText("Cancel…").click();
    await page.getByRole("button", { name: "Cancel this dispatch" }).click();
    expect(await page.locator("main [role=alert]").innerText()).toContain(
      `[conflict] dispatch ${id} is already complete`,
    );
  });
});

test("a destination is paused with a reason that everybody sees, and resumed", async () => {
  const { system } = console;
  const page = await console.open("/destinations/SINGLE", { tolerated: [/status of 400/] });
  await page.getByText("Pause…").click();
  const reason = page.getByLabel("Why, for the others");
  await reason.fill("x".repeat(1_001));
  await page.getByRole("button", { name: "Pause SINGLE" }).click();
  await expect.poll(() => page.locator("main [role=alert]").allInnerTexts()).toHaveLength(1);
  expect(await page.locator("main [role=alert]").innerText()).toContain("must have at most 1000 characters");
  expect(await reason.inputValue()).toBe("x".repeat(1_001));
  await reason.fill("their database moves house");
  await page.getByRole("button", { name: "Pause SINGLE" }).click();
  await says(page, /^Paused: /);
  expect(await page.locator("main .advice").innerText()).toContain("their database moves house");
  const { events } = await system.emit({ to: "SINGLE" });
  const event = events[0]?.id ?? "";

  await page.goto("/");
  const alert = page.locator("main li.alert").filter({ hasText: "their database moves house" });
  await expect.poll(() => alert.innerText()).toMatch(/paused\s+SINGLE holds 1 dispatch\s/);
  await alert.getByRole("link", { name: "Open, to resume…" }).click();
  await page.getByRole("button", { name: "Resume, and let 1 dispatch go" }).click();
  await says(page, /^Resumed: /);
  await expect
    .poll(async () => {
      await system.reconcile();
      return (await system.dispatches(event)).map(({ status }) => status);
    })
    .toEqual(["complete"]);

  await page.locator("nav").getByRole("link", { name: "Operations" }).click();
  await expect
    .poll(async () => (await page.locator("main tbody tr").allInnerTexts()).slice(0, 2))
    .toEqual([
      expect.stringMatching(new RegExp(`Resume[\\s\\S]*${ACTOR}`)),
      expect.stringMatching(new RegExp(`Pause[\\s\\S]*${ACTOR}[\\s\\S]*their database moves house`)),
    ]);
});
