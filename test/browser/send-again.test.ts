import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole({ DASHBOARD_NAME: "shop" });
});
afterAll(() => console.stop());

/** An event of somebody else, with characters that end a text in SQL, in a shell and in code. */
const ODD = { to: "SCRIPTED", note: "it's\nJSON\n$x `y` \u202e \\", n: 1 };

const inserted = async (payload: object) =>
  (await insertHistory(console.system.database, [{ status: "failed", payload }]))[0];

test("an event is opened in the emitter, changed and sent, in four clicks from its dispatch", async () => {
  const row = await inserted({ to: "SCRIPTED", order: 17 });
  const page = await console.open(`/dispatches/${row?.id}`);
  let clicks = 0;
  const click = async (role: "link" | "button", name: string) => {
    clicks++;
    await page.getByRole(role, { name, exact: true }).click();
  };
  await click("link", "Edit and resend");
  await page.waitForURL(`/emit?event=${row?.eventId}`);
  const payload = page.getByLabel("Payload (JSON)");
  expect(JSON.parse(await payload.inputValue())).toEqual({ to: "SCRIPTED", order: 17 });
  await payload.fill('{ "to": "SCRIPTED", "order": 18 }');
  await click("button", "Emit");
  await expect.poll(() => page.locator("#emitted h2").allInnerTexts()).toEqual(["Emitted 1 event"]);
  expect(clicks).toBeLessThanOrEqual(4);
  const href = await page.locator("#emitted li a").first().getAttribute("href");
  const event = href?.replace("/events/", "") ?? "";
  await console.system.settled(event);
  expect((await console.system.calls(event)).map((call) => call.payload)).toEqual([{ to: "SCRIPTED", order: 18 }]);
});

describe("an event is copied", () => {
  test.each(["JSON", "emit() call", "SQL", "curl"])("as %s, from the menu", async (format) => {
    const row = await inserted({ to: "SCRIPTED" });
    const page = await console.open(`/events/${row?.eventId}`);
    await page.getByText("Copy as…").click();
    await page.getByRole("button", { name: format, exact: true }).click();
    await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toContain('"to": "SCRIPTED"');
  });

  test("in a form that gives exactly that payload again, whatever it holds", async () => {
    const row = await inserted(ODD);
    const page = await console.open("/");
    const copy = async (format: string) => {
      const answer = await page.request.get(`/events/${row?.eventId}/as/${format}`);
      expect(answer.headers()["content-disposition"]).toMatch(/^attachment/);
      return await answer.text();
    };
    expect(JSON.parse(await copy("json"))).toEqual(ODD);
    const [stored] = await console.system.database.query<{ emit: string }>(await copy("sql"));
    const [sql] = await console.system.database.query("select payload from eventhub.events where id = $1", [
      stored?.emit,
    ]);
    expect(sql).toEqual({ payload: ODD });
    const emitted: unknown[] = [];
    const run = new Function("env", `return (async () => { ${await copy("emit")} })()`);
    await run({ EVENTHUB: { emit: (payload: unknown) => emitted.push(payload) } });
    expect(emitted).toEqual([ODD]);
    const script = await copy("curl");
    expect(JSON.parse(script.slice(script.indexOf("\n") + 1, script.lastIndexOf("\nJSON")))).toEqual(ODD);
    expect(script).not.toContain("\u202e");
    expect((await page.request.get(`/events/${row?.eventId}/as/xml`)).status()).toBe(404);
  });
});

test("the pages of an event and of its dispatch begin with the important facts", async () => {
  const row = await inserted({ kind: "order.paid", order: { id: 17 } });
  const event = await console.open(`/events/${row?.eventId}`);
  expect([await event.locator("h1").innerText(), await event.title()]).toEqual(["order.paid", "order.paid · test"]);
  const dispatch = await console.open(`/dispatches/${row?.id}`);
  expect(await dispatch.locator(".heading").innerText()).toMatch(/^Dispatch of order\.paid/);
});

test("two chosen events stand side by side, with their differences", async () => {
  const one = await inserted({ to: "SCRIPTED", order: { id: 1, lines: [{ sku: "a" }] }, gone: true });
  const two = await inserted({ to: "SCRIPTED", order: { id: "1", lines: [{ sku: "a" }, { sku: "b" }] } });
  const page = await console.open("/events");
  await page.getByLabel(`Choose ${one?.eventId}`).check();
  await page.getByLabel(`Choose ${two?.eventId}`).check();
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.waitForURL(/\/events\/compare\?/);
  const cells = await page
    .locator("#differences tr.differs")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => (cell.textContent ?? "").trim())),
    );
  const sides = [two, one].map((row) => row?.eventId);
  expect(new URL(page.url()).searchParams.getAll("ids")).toEqual(sides);
  expect(cells).toEqual([
    ["$.order.id", '"1"', "1"],
    ["$.order.lines[1]", expect.stringContaining('"sku": "b"'), "not there"],
    ["$.gone", "not there", "true"],
  ]);
  await isAccessible(page);
  const none = await console.open("/events/compare", { tolerated: [/400/] });
  expect(await none.locator("main .empty").innerText()).toContain("Choose two events");
});

test("two attempts of a dispatch stand side by side", async () => {
  const row = await inserted({ to: "SCRIPTED" });
  await console.system.database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     values ($1, 1, 'failed', 'HTTP 503', 'i-1', now() - interval '10 s', now() - interval '9 s'),
       ($1, 2, 'failed', 'HTTP 429', 'i-1', now() - interval '5 s', now() - interval '4 s')`,
    [row?.id],
  );
  const page = await console.open(`/dispatches/${row?.id}`);
  await page.getByRole("link", { name: "Compare attempts" }).click();
  await page.waitForURL(/compare$/);
  expect(await page.locator("tr.differs td:first-child").allInnerTexts()).toEqual(["Reason", "Started"]);
  expect(await page.locator("tr.differs").first().locator("td").allInnerTexts()).toEqual([
    "Reason",
    "HTTP 503",
    "HTTP 429",
  ]);
  await isAccessible(page);
  const elsewhere = await console.openAlone(page.url(), { zone: "Asia/Kolkata" });
  expect(await elsewhere.locator("tr.differs").last().innerText()).toContain("GMT+5:30");
  await page.getByLabel("and attempt").fill("7");
  await page.getByRole("button", { name: "Compare" }).click();
  await expect
    .poll(() => page.locator("main .empty").allInnerTexts())
    .toEqual([expect.stringContaining("no such attempt")]);
});

test("a dispatch links to its Workflow instance in the platform's dashboard, by the name that its Workflow has there", async () => {
  const dashboard = "https://dash.cloudflare.com/?to=/:account/workers";
  const leadsTo = async (workflow: string | null, instance: string | null) => {
    const row = await inserted({ to: "SCRIPTED" });
    await console.system.database.query(
      "update eventhub.dispatches set workflow = $2, instance_id = $3 where id = $1",
      [row?.id, workflow, instance],
    );
    const page = await console.open(`/dispatches/${row?.id}`);
    const links = await page
      .locator("a[href*='dash.cloudflare']")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    return links.map((link) => link?.replace(dashboard, ""));
  };
  const executor = "/services/view/shop-executor";
  expect(await leadsTo("DISPATCH", "i-1")).toEqual(["/workflows/shop-dispatch/instance/i-1", executor]);
  expect(await leadsTo("EVENTHUB_WORKFLOW_SLOW", "a/b")).toEqual([
    "/workflows/shop-dispatch-SLOW/instance/a%2Fb",
    executor,
  ]);
  expect(await leadsTo(`EVENTHUB_WORKFLOW_${"LONG".repeat(20)}`, "i-1")).toEqual([executor]);
  expect(await leadsTo("MINE", "i-1")).toEqual([executor]);
  expect(await leadsTo(null, null)).toEqual([executor]);
});

test("the hub's Workers are a click away in the dashboard", async () => {
  const { harness } = console.system;
  await harness.getWorker("executor").scheduled({ cron: "* * * * *" });
  const page = await console.open("/deployment");
  expect(await page.locator("#r-executor").getByRole("link").getAttribute("href")).toBe(
    "https://dash.cloudflare.com/?to=/:account/workers/services/view/shop-executor",
  );
});

test("a destination links to its Workflow in the dashboard, its own or the shared one", async () => {
  for (const [name, workflow] of [
    ["OWN", "shop-dispatch-OWN"],
    ["SCRIPTED", "shop-dispatch"],
  ]) {
    const page = await console.open(`/destinations/${name}`);
    const link = page.locator("#configured").getByRole("link", { name: "Workflow in the dashboard" });
    expect(await link.getAttribute("href")).toBe(
      `https://dash.cloudflare.com/?to=/:account/workers/workflows/${workflow}`,
    );
  }
});

test("a destination leads to each of its Workflows there by a name of its own", async () => {
  const page = await console.open("/destinations/LARGE");
  for (const [link, workflow] of [
    ["Workflow 1 in the dashboard", "shop-dispatch-LARGE"],
    ["Workflow 2 in the dashboard", "shop-dispatch-2_LARGE"],
  ] as const) {
    expect(await page.getByRole("link", { name: link, exact: true }).getAttribute("href")).toBe(
      `https://dash.cloudflare.com/?to=/:account/workers/workflows/${workflow}`,
    );
  }
});
