import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { ACTOR, type ConsoleUnderTest, says, startConsole } from "./support/console.ts";
import { looksRight } from "./support/looks.ts";

const MINUTE = 60_000;

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole({ ENVIRONMENT_PRODUCTION: "true", CONFIRM_ABOVE: "300" });
});
afterAll(() => console.stop());
afterEach(() => console.system.database.clear());

/** Past dispatches. */
const past = (count: number, more: Partial<Past> = {}) =>
  insertHistory(
    console.system.database,
    Array(count).fill({ status: "failed", at: new Date(Date.now() - 60 * MINUTE), attempts: 4, ...more }),
  );

/** Bulk work of which a Worker has made `made` of `expected` dispatches, and which it continues. */
async function running(made: number, expected: number): Promise<string> {
  const ids = (await past(made, { status: "ongoing", destination: "SINGLE" })).map(({ id }) => id);
  const [row] = await console.system.database.query<{ id: string }>(
    `insert into eventhub.operations (id, actor, action, arguments, examined, affected, expected, expected_exact, created_at, updated_at)
     values (eventhub.new_id(), 'bob', 'replay_events', '{"filter": {}, "limit": 100000, "perSecond": 50, "routing": "same"}', $1, $1, $2, true,
       now() - interval '20 seconds', now()) returning id`,
    [made, expected],
  );
  await console.system.database.query(
    "update eventhub.dispatches set operation_id = $1, next_attempt_at = now() + interval '1 day' where id = any($2)",
    [row?.id, ids],
  );
  return row?.id ?? "";
}

describe("bulk work", () => {
  test("that is running says how far it is, in one unit, and is stopped with one click", async () => {
    const id = await running(500, 13_000);
    const page = await console.open(`/operations/${id}`);
    expect(await page.locator("main .big").innerText()).toContain("500 dispatches made so far of 13,000");
    const tiles = await page.locator("#outcome .tile").allInnerTexts();
    expect(tiles.map((tile) => tile.replaceAll(/\s+/g, " ").replace(/in \d+ min/, "in N min"))).toEqual([
      "Made 500",
      "Delivered 0",
      "Failed 0",
      "Held 0",
      "Under way 500",
      "To be made 12,500",
      expect.stringMatching(/^The last is due in /),
    ]);
    await page.getByRole("button", { name: "Stop" }).click();
    await says(page, /^Stopped: /);
    expect(await page.locator("h1").innerText()).toContain("stopped");
    expect(await page.locator("main").innerText()).toContain(ACTOR);
    expect(
      await console.system.database.query("select state, stopped_by from eventhub.operations where id = $1", [id]),
    ).toEqual([{ state: "stopped", stopped_by: ACTOR }]);
    // From here, the dispatches that it made can be cancelled.
    await page.getByRole("link", { name: "Cancel what is ongoing…" }).click();
    expect(await page.locator("main .confirm button").innerText()).toBe("Cancel 500 dispatches to SINGLE");
    await looksRight((path) => console.open(path), `/operations/${id}`, "operation-stopped");
  });

  test("that finished before it was stopped says so, and can be stopped without scripts", async () => {
    const id = await running(2, 3);
    const page = await console.openAlone(`/operations/${id}`, { javascript: false, tolerated: [/status of 409/] });
    await console.system.database.query(
      "update eventhub.operations set state = 'finished', finished_at = now() where id = $1",
      [id],
    );
    await page.getByRole("button", { name: "Stop" }).click();
    expect(await page.locator("main [role=alert]").innerText()).toContain("is already finished");
  });

  test("whose dispatches all failed again is shown in red, also in the list", async () => {
    await past(8, { destination: "SINGLE", payload: { to: "SINGLE", script: Array(9).fill({ return: "failed" }) } });
    await console.system.database.query("update eventhub.dispatches set max_retries = 0");
    const page = await console.open("/dispatches/retry?destination=SINGLE");
    await page.getByLabel("New dispatches due a second").fill("1000");
    await page.getByRole("button", { name: "Retry 8 dispatches to SINGLE" }).click();
    await page.waitForURL(/\/operations\//);
    await expect.poll(() => page.locator("#outcome .advice").innerText()).toContain("8 of 8 failed again");
    expect(await page.locator("h1 .status").getAttribute("class")).toContain("s-failed");
    await page.getByRole("link", { name: "See why 8 did not get through" }).click();
    await page.waitForURL(/\/dispatches\?operation=/);
    expect(await page.locator("main tbody tr").count()).toBe(8);
    await page.goto("/operations");
    const row = await page.locator("main tbody tr").first().innerText();
    expect(row).toContain("failed");
    expect(row).toContain("8 of 8 failed again");
    await looksRight((path) => console.open(path), "/operations", "operations");
  });

  test("is previewed completely: the button says the number that it makes", async () => {
    await past(350, { status: "complete" });
    const page = await console.open("/events/replay", { tolerated: [/status of 400/] });
    // It is production, and more than 300, so the user must type how many.
    const button = page.getByRole("button", { name: "Replay 350 events: 350 dispatches" });
    const typed = page.getByLabel("This is test: type 350 to confirm");
    await typed.fill("35");
    await button.click();
    expect(await page.locator("main [role=alert]").innerText()).toContain(
      "Type the number of dispatches to confirm: 350.",
    );
    await typed.fill("350");
    await button.click();
    await page.waitForURL(/\/operations\//);
    await expect.poll(() => page.locator("main .big").innerText()).toContain("350 dispatches made");
  });
});

describe("the overview", () => {
  test("names what hurts most first, says whether it continues, and keeps a note for the next on call", async () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE);
    await past(47, { destination: "SINGLE", reason: "HTTP 503: upstream is down", at: ago(600) });
    await past(1, { destination: "SINGLE", status: "complete", at: ago(500) });
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9])
      await past(1, { destination: `NEW${n}`, status: "misconfigured", reason: "no binding", at: ago(n) });
    const page = await console.open("/");
    const sentence = page.locator("#health-summary .health-line");
    expect(await sentence.innerText()).toMatch(/^SINGLE: 47 dispatches failed since .* not retried yet; stopped at /);
    const alerts = page.locator("#attention li.alert");
    expect(await alerts.first().innerText()).toMatch(/47 dispatches to SINGLE[\s\S]*stopped at/);
    expect(await alerts.nth(1).innerText()).toMatch(/1 dispatch to NEW1[\s\S]*still failing/);
    expect(await alerts.first().locator("svg.spark rect").count()).toBe(24);
    expect(await page.locator("#attention > details > summary").innerText()).toBe(
      "2 more: 2 dispatches that failed, 1 at most in one incident",
    );

    await alerts.first().getByText("Write a note").click();
    await alerts.first().getByLabel("For the next on call").fill("They know, ticket 4711.");
    await alerts.first().getByRole("button", { name: "Save the note" }).click();
    await says(page, /^Saved: /);
    await past(30, { destination: "SINGLE", reason: "HTTP 503: upstream is down", at: ago(2) });
    await page.goto("/");
    expect(await alerts.first().innerText()).toMatch(/30 dispatches to SINGLE[\s\S]*They know, ticket 4711/);
    expect(await alerts.first().locator(".note").innerText()).toContain(ACTOR);
    await looksRight((path) => console.open(path), "/", "overview-incidents");

    // Its retry takes exactly what it counts.
    await alerts.nth(1).getByRole("link", { name: "Retry…" }).click();
    await page.getByRole("button", { name: "Retry 47 dispatches to SINGLE" }).waitFor();
  });
});

test("what has failed and is tried again stands on the overview, below what has failed for good, until it is delivered", async () => {
  const { database } = console.system;
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE);
  const again = async (count: number, destination: string, firstFailed: number) => {
    const more = {
      status: "ongoing",
      destination,
      reason: "HTTP 503: upstream is down",
      attempts: 1,
      at: ago(firstFailed + 1),
    };
    const ids = (await past(count, more)).map(({ id }) => id);
    await database.query(
      "update eventhub.dispatches set next_attempt_at = now() + interval '5 min' where id = any($1)",
      [ids],
    );
    await database.query(
      `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
       select id, 1, 'failed', 'HTTP 503', 'i', $2, $2 from unnest($1::uuid[]) id`,
      [ids, ago(firstFailed)],
    );
    return ids;
  };
  const page = await console.open("/");
  const sentence = page.locator("#health-summary .health-line");
  // What has failed just now is mostly settled by its retries.
  await again(3, "BATCH", 0.2);
  await page.reload();
  expect(await sentence.innerText()).toMatch(/^Healthy\./);
  const ids = await again(214, "SINGLE", 20);
  await page.reload();
  expect(await sentence.innerText()).toMatch(
    /^SINGLE: 214 dispatches are retrying since \d\d:\d\d.*, next attempt in (4|5) min\.$/,
  );
  await past(1, { destination: "NEW", status: "misconfigured", reason: "no binding", at: ago(1) });
  await page.reload();
  const alerts = page.locator("#attention li.alert");
  expect(await alerts.nth(0).innerText()).toMatch(/1 dispatch to NEW/);
  expect(await alerts.nth(1).innerText()).toMatch(
    /retrying[\s\S]*214 dispatches to SINGLE[\s\S]*HTTP 503: upstream is down/,
  );
  expect(await alerts.nth(2).innerText()).toMatch(/retrying[\s\S]*3 dispatches to BATCH/);
  await looksRight((path) => console.open(path), "/", "overview-retrying");
  await looksRight((path) => console.open(path), "/destinations/SINGLE", "destination-retrying");

  await alerts.nth(1).getByRole("link", { name: "List them" }).click();
  await page.waitForURL(/\/dispatches\?/);
  expect(await page.locator("main tbody tr").count()).toBeGreaterThan(40);
  expect(await page.locator("main").innerText()).not.toContain("BATCH");
  await database.query(
    "update eventhub.dispatches set status = 'complete', resulted_at = now(), attempts = 2 where id = any($1)",
    [ids],
  );
  await page.goto("/");
  expect(await page.locator("#attention").innerText()).not.toContain("SINGLE");
});
