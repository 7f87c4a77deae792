import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { ACTOR, type ConsoleUnderTest, startConsole } from "./support/console.ts";

const MINUTE = 60_000;

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

/** Inserts dispatches that failed an hour ago, and whose events are delivered if they are retried. */
async function failed(count: number, more: Partial<Past> = {}): Promise<string[]> {
  const one: Past = { status: "failed", at: new Date(Date.now() - 60 * MINUTE), attempts: 4, ...more };
  return (await insertHistory(console.system.database, Array(count).fill(one))).map(({ id }) => id);
}

/** The texts of a table's cells, row by row. */
const cells = async (page: Page, caption: string | RegExp) =>
  await Promise.all(
    (await page.locator("main table").filter({ hasText: caption }).locator("tbody tr").all()).map((row) =>
      row.locator("td").allInnerTexts(),
    ),
  );

const statuses = (page: Page) => page.locator("main tbody .status").allInnerTexts();

/** Waits until the page of the operation that was just started says that it has finished. */
async function finished(page: Page, affected: string): Promise<string> {
  await page.waitForURL(/\/operations\//);
  await expect.poll(() => page.locator("h1").innerText()).toContain("finished");
  expect(await page.locator("main .big").innerText()).toContain(affected);
  return new URL(page.url()).pathname.replace("/operations/", "");
}

interface Kept {
  action: string;
  actor: string;
  affected: number;
}
/** The row of an operation in the database, and the dispatches that it made. */
async function kept(operation: string): Promise<{ operation: Kept | undefined; made: Record<string, unknown>[] }> {
  const { database } = console.system;
  const [row] = await database.query<{ action: string; actor: string; affected: number }>(
    "select action, actor, affected::int as affected from eventhub.operations where id = $1",
    [operation],
  );
  const made = await database.query<{ retry_of: string; destination: string; status: string }>(
    "select retry_of, destination, status from eventhub.dispatches where operation_id = $1 order by retry_of",
    [operation],
  );
  return { operation: row, made };
}

describe("a bulk retry", () => {
  test("says how many dispatches of which destinations it retries, and leaves alone those that failed since", async () => {
    const reason = "billing is down";
    const ids = await failed(3, { reason });
    ids.push(...(await failed(2, { reason, destination: "SINGLE" })));
    await failed(2, { reason: "something else" });
    const page = await console.open("/dispatches", { tolerated: [/status of 400/] });
    await page.getByLabel("Reason contains").fill(reason);
    await page.getByRole("button", { name: "Find" }).click();
    await expect.poll(() => statuses(page)).toEqual(Array(5).fill("failed"));
    await page.getByRole("link", { name: "Retry all found…" }).click();
    await expect
      .poll(() => cells(page, "5 dispatches"))
      .toEqual([
        ["SCRIPTED", "failed", "3"],
        ["SINGLE", "failed", "2"],
      ]);
    expect(await console.system.database.query("select from eventhub.dispatches where retry_of is not null")).toEqual(
      [],
    );
    await failed(1, { reason, at: new Date() });

    const rate = page.getByLabel("New dispatches due a second");
    const confirm = page.getByRole("button", { name: "Retry 5 dispatches to SCRIPTED and SINGLE" });
    await rate.fill("all at once");
    await confirm.click();
    expect(await page.locator("main [role=alert]").innerText()).toContain(
      "[invalid_arguments] options.perSecond: must be 1 to 10,000",
    );
    expect(await rate.inputValue()).toBe("all at once");

    await rate.fill("1000");
    const form = await page.evaluate(`[...new FormData(document.querySelector("main form"))]`);
    await confirm.dblclick();
    const operation = await finished(page, "5 dispatches made");
    expect(await kept(operation)).toMatchObject({
      operation: { action: "retry_dispatches", actor: ACTOR, affected: 5 },
      made: [...ids].sort().map((id) => ({ retry_of: id })),
    });

    // The same form sent again, as with a second click or a reload, leads to the same operation.
    const again = await page.evaluate(
      `fetch("/dispatches/retry", { method: "POST", body: new URLSearchParams(${JSON.stringify(form)}) }).then((answer) => answer.url)`,
    );
    expect(again).toContain(`/operations/${operation}`);
    expect((await kept(operation)).made).toHaveLength(5);
    expect((await console.system.operate<Kept[]>("listOperations")).map(({ action }) => action)).toEqual([
      "retry_dispatches",
    ]);

    await page.getByRole("link", { name: "List its dispatches" }).click();
    await expect.poll(() => statuses(page)).toEqual(Array(5).fill("complete"));
  });

  test("works without scripts: filter, choose, preview, retry", async () => {
    const reason = "mail is down";
    const [first = "", second = ""] = await failed(3, { reason });
    const page = await console.openAlone("/dispatches", { javascript: false });
    await page.getByLabel("Reason contains").fill(reason);
    await page.getByRole("button", { name: "Find" }).click();
    // The previous page shows them, too.
    await page.waitForURL(/reason=mail/);
    await page.getByLabel(`Choose ${first}`).check();
    await page.getByLabel(`Choose ${second}`).check();
    await page.locator("#chosen").getByRole("button", { name: "Retry…" }).click();
    await expect.poll(() => cells(page, "2 dispatches")).toEqual([["SCRIPTED", "failed", "2"]]);
    await page.getByRole("button", { name: "Retry 2 dispatches to SCRIPTED" }).click();
    await page.waitForURL(/\/operations\//);
    const heading = async () => {
      await page.reload();
      return page.locator("h1").innerText();
    };
    await expect.poll(heading).toContain("finished");
    await page.getByRole("link", { name: "List its dispatches" }).click();
    await page.waitForURL(/operation=/);
    const shown = async () => {
      await page.reload();
      return statuses(page);
    };
    await expect.poll(shown).toEqual(["complete", "complete"]);
    const operation = new URL(page.url()).searchParams.get("operation") ?? "";
    expect((await kept(operation)).made).toMatchObject([first, second].sort().map((id) => ({ retry_of: id })));
  });
});

test("a bulk cancel says what it will not deliver, and leaves alone what was emitted since", async () => {
  const waiting = async () => {
    const { events } = await console.system.emit({ to: "BATCH" }, { delaySeconds: 86_400 });
    return events[0]?.dispatches[0]?.id ?? "";
  };
  const ids = [await waiting(), await waiting(), await waiting()];
  const page = await console.open("/dispatches?destination=BATCH");
  await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "ongoing" }).click();
  await page.getByRole("link", { name: "Cancel all found…" }).click();
  await expect.poll(() => cells(page, "3 dispatches")).toEqual([["BATCH", "ongoing", "3"]]);
  expect(await page.locator("main .confirm").innerText()).toContain("This cannot be undone.");
  const late = await waiting();
  await page.getByRole("button", { name: "Cancel 3 dispatches to BATCH" }).click();
  const operation = await finished(page, "3 dispatches cancelled");
  expect((await kept(operation)).operation).toEqual({ action: "cancel_dispatches", actor: ACTOR, affected: 3 });
  const rows = await console.system.database.query(
    "select id, status from eventhub.dispatches where destination = 'BATCH' order by id",
  );
  expect(rows).toEqual([...ids.map((id) => ({ id, status: "cancelled" })), { id: late, status: "ongoing" }]);
  await page.goto("/dispatches?destination=BATCH");
  expect(await statuses(page)).toEqual(["ongoing", "cancelled", "cancelled", "cancelled"]);
});

test("a replay shows the result of the stored and of the current routing, and uses the one that was chosen", async () => {
  // Both once went to a destination to which the routes no longer send them.
  const payload = { to: "SCRIPTED", order: 17 };
  const moved = await insertHistory(
    console.system.database,
    Array<Past>(2).fill({ status: "complete", destination: "OWN", payload, at: new Date(Date.now() - 60 * MINUTE) }),
  );
  const page = await console.open("/events");
  await page.getByLabel("Payload path").fill("$.order");
  await page.getByLabel("equals").fill("17");
  await page.getByRole("button", { name: "Find" }).click();
  await expect.poll(() => page.locator("main tbody tr").count()).toBe(2);
  await page.getByRole("link", { name: "Replay all found…" }).click();
  const both = [
    ["OWN", "2", "0"],
    ["SCRIPTED", "0", "2"],
  ];
  await expect.poll(() => cells(page, "2 dispatches of 2 events")).toEqual(both);
  expect(await page.locator("main summary").innerText()).toBe("The two routings differ for 2 events");
  await page.getByRole("link", { name: "as the routes are now" }).click();
  await page.waitForURL(/routing=current/);
  expect(await cells(page, "✓ Current routing")).toEqual(both);
  await page.getByRole("button", { name: "Replay 2 events: 2 dispatches" }).click();
  const current = await finished(page, "2 dispatches made");
  expect(await kept(current)).toMatchObject({
    operation: { action: "replay_events", actor: ACTOR, affected: 2 },
    made: [{ destination: "SCRIPTED" }, { destination: "SCRIPTED" }],
  });

  await page.goto(`/events/${moved[0]?.eventId}`);
  await page.getByRole("link", { name: "Replay…" }).click();
  await page.getByRole("button", { name: "Replay 1 event:" }).click();
  // The previous replay is one of the event's dispatches as well.
  const same = await finished(page, "made");
  expect((await kept(same)).made).toEqual(
    expect.arrayContaining([expect.objectContaining({ destination: "OWN", retry_of: null })]),
  );
});
