import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";
import { Steps } from "./support/steps.ts";

const MINUTE = 60_000;
/** The rows of a page of the list. */
const ROWS = 50;

let console: ConsoleUnderTest;
/** Failed and complete dispatches in turn, the newest first: two and a half pages of each. */
let made: { id: string; eventId: string }[];
beforeAll(async () => {
  console = await startConsole({}, { alone: true });
  const past = Array.from({ length: 5 * ROWS }, (_, index): Past => {
    const at = new Date(Date.now() - (index + 1) * MINUTE);
    return index % 2 === 0
      ? { status: "failed", reason: `HTTP 503, no. ${index}`, at }
      : { status: "complete", destination: "SINGLE", at, idempotencyKey: `order-${index}` };
  });
  made = await insertHistory(console.system.database, past);
});
afterAll(() => console.stop());

const here = (page: Page) => {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
};
/** The dispatches of a page's list, by the links of its rows. */
const rows = async (page: Page) =>
  (await page.locator("main tbody tr").evaluateAll((all) => all.map(({ id }) => id))).map((id) => id.slice(2));

describe("a filter", () => {
  test("is in the address, so it survives a reload and the back and forward buttons", async () => {
    const page = await console.open("/dispatches");
    await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "failed", exact: true }).click();
    await page.waitForURL("/dispatches?status=failed");
    await page.getByLabel("Reason contains").fill("no. 4");
    await page.getByLabel("Destination", { exact: true }).fill("SCRIPTED");
    await page.getByLabel("Destination", { exact: true }).press("Enter");
    const filtered = "/dispatches?status=failed&destination=SCRIPTED&reason=no.+4";
    await page.waitForURL(filtered);
    // Choosing something does not send a half-filled form.
    await page.getByText("Any time", { exact: true }).click();
    await page.getByLabel("last 24 hours").check();
    expect(here(page)).toBe(filtered);
    await page.getByRole("button", { name: "Find" }).click();
    await page.waitForURL(`${filtered}&period=24h`);
    const expected = [4, 40, 42, 44, 46, 48].map((index) => made[index]?.id);
    const shows = async (reason: string, period: string, ids: (string | undefined)[]) => {
      await expect.poll(() => rows(page)).toEqual(ids);
      expect(await page.getByLabel("Reason contains").inputValue()).toBe(reason);
      expect(await page.locator("input[name=period]:checked").inputValue()).toBe(period);
      expect(await page.locator(".tabs [aria-current]").innerText()).toBe("failed");
    };
    await shows("no. 4", "24h", expected);
    await page.reload();
    await shows("no. 4", "24h", expected);
    await page.goBack();
    await shows("no. 4", "", expected);
    await page.goBack();
    const newest = made.filter((_, index) => index % 2 === 0).slice(0, ROWS);
    await shows(
      "",
      "",
      newest.map(({ id }) => id),
    );
    await page.goForward();
    await page.goForward();
    await page.waitForURL(`${filtered}&period=24h`);
    await shows("no. 4", "24h", expected);
  });

  test("leads from page to page and back, with each row once, whatever is emitted meanwhile", async () => {
    const failed = made.filter((_, index) => index % 2 === 0).map(({ id }) => id);
    const page = await console.open("/dispatches?status=failed");
    await expect.poll(() => rows(page)).toEqual(failed.slice(0, ROWS));
    await page.getByRole("link", { name: "Older →" }).click();
    await expect.poll(() => rows(page)).toEqual(failed.slice(ROWS, 2 * ROWS));
    const second = here(page);
    const [late] = await insertHistory(console.system.database, [{ status: "failed", reason: "later" }]);
    await page.getByRole("link", { name: "Older →" }).click();
    await expect.poll(() => rows(page)).toEqual(failed.slice(2 * ROWS));
    expect(await page.locator(".pager").innerText()).toContain("That is all.");
    await page.goBack();
    await expect.poll(() => rows(page)).toEqual(failed.slice(ROWS, 2 * ROWS));
    expect(here(page)).toBe(second);
    await page.getByRole("link", { name: "Newest" }).click();
    await expect.poll(() => rows(page)).toEqual([late?.id, ...failed.slice(0, ROWS - 1)]);
  });

  test("is shown part by part, and one click removes each part", async () => {
    const page = await console.open("/dispatches?status=failed&destination=SCRIPTED&reason=no.+4&period=24h");
    const chips = page.getByRole("navigation", { name: "Filters in use" });
    const told = async () =>
      (await chips.getByRole("link").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    expect(await told()).toEqual([
      "Destination SCRIPTED",
      "Reason contains no. 4",
      "Created in the last 24 hours",
      "Clear all",
    ]);
    await chips.getByRole("link", { name: "Reason contains" }).click();
    const inAddress = () => Object.fromEntries(new URL(page.url()).searchParams);
    await expect.poll(inAddress).toEqual({ status: "failed", destination: "SCRIPTED", period: "24h" });
    await expect.poll(told).toEqual(["Destination SCRIPTED", "Created in the last 24 hours", "Clear all"]);
    await chips.getByRole("link", { name: "Clear all" }).click();
    await page.waitForURL("/dispatches");
    expect(await chips.count()).toBe(0);
  });

  test("has one time: choosing a period removes from and to, and these remove the period", async () => {
    const page = await console.open("/dispatches?period=7d");
    await page.getByText("Last 7 days", { exact: true }).click();
    await page.getByLabel("From (UTC)").fill("2026-06-25T01:30:00");
    expect(await page.locator("input[name=period]:checked").count()).toBe(0);
    await page.getByLabel("last hour").check();
    expect(await page.getByLabel("From (UTC)").inputValue()).toBe("");
    await page.getByRole("button", { name: "Show this time" }).click();
    await page.waitForURL("/dispatches?period=1h");
  });

  test("that the hub refuses is shown as it was typed, with what is wrong", async () => {
    const page = await console.open("/dispatches", { tolerated: [/status of 400/] });
    await page.getByText("More filters").click();
    await page.getByLabel("Ids, as pasted").fill("order 17");
    await page.getByRole("button", { name: "Find" }).click();
    await expect
      .poll(() => page.locator("main [role=alert]").allInnerTexts())
      .toEqual([expect.stringContaining("[invalid_arguments] filter.ids.0: must be a UUID")]);
    expect(await page.getByLabel("Ids, as pasted").inputValue()).toBe("order 17");
  });
});

describe("the search leads to", () => {
  test.each<[string, () => Promise<[pasted: string, path: string]> | [pasted: string, path: string]]>([
    ["a dispatch by its id", () => [made[0]?.id ?? "", `/dispatches/${made[0]?.id}`]],
    [
      "an event by its id, with what stands around it",
      () => [`id=${made[1]?.eventId},`, `/events/${made[1]?.eventId}`],
    ],
    [
      "an operation by its id",
      async () => {
        const dispatch = { ids: [made[3]?.id], status: "complete" };
        const { id } = await console.system.operate<{ id: string }>("retryDispatches", dispatch);
        return [id, `/operations/${id}`];
      },
    ],
    ["an event by its idempotency key", () => ["order-7", `/events/${made[7]?.eventId}`]],
    ["the dispatch of a Workflow instance", () => [`${made[2]?.id}-0a1b2c3d`, `/dispatches/${made[2]?.id}`]],
    ["several dispatches", () => [`${made[4]?.id}\n${made[5]?.id}`, `/dispatches?ids=${made[4]?.id}+${made[5]?.id}`]],
    ["what has the text in its reason", () => ["no. 48", "/dispatches?reason=no.+48"]],
  ])("%s", async (_, asked) => {
    const [pasted, path] = await asked();
    const page = await console.open("/");
    await page.keyboard.press("/");
    await page.keyboard.insertText(pasted);
    await page.keyboard.press("Enter");
    await expect.poll(() => here(page)).toBe(path);
  });
});

describe("keys", () => {
  const focused = (page: Page) => page.evaluate("document.activeElement.id || document.activeElement.title");

  test("lead through the rows, to other pages and to the list of all keys", async () => {
    const page = await console.openAlone("/dispatches?reason=no.+4&order=oldest");
    const ids = [48, 46, 44, 42, 40, 4].map((index) => made[index]?.id);
    await expect.poll(() => rows(page)).toEqual(ids);
    await page.keyboard.press("j");
    expect(await focused(page)).toBe(ids[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("k");
    expect(await focused(page)).toBe(ids[1]);
    await page.keyboard.press("Enter");
    await page.waitForURL(`/dispatches/${ids[1]}`);
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.waitForURL("/events");

    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    expect(await help.isVisible()).toBe(true);
    // A user who does not want single keys switches them off.
    await help.getByLabel("Use these keys").uncheck();
    await page.keyboard.press("Escape");
    expect(await help.isVisible()).toBe(false);
    await page.keyboard.press("/");
    expect(await focused(page)).not.toBe("search");
    await page.reload();
    await page.locator("#show-keys").click();
    await help.getByLabel("Use these keys").check();
    await help.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("search");
    await page.keyboard.type("j?l");
    expect(await page.locator("#search").inputValue()).toBe("j?l");
    await page.keyboard.press("Escape");
    expect(await focused(page)).not.toBe("search");
  });

  test("skip the navigation", async () => {
    const page = await console.open("/dispatches");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Skip to the page");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("main");
  });
});

describe("a page that is live", () => {
  test("shows new rows without changing scroll, focus, an open fold or what is being typed; l stops it", async () => {
    const page = await console.openAlone("/dispatches?status=failed", { height: 400 });
    await page.clock.install();
    await page.reload();
    const count = (text: string) => page.locator("main tbody tr").filter({ hasText: text }).count();
    const appears = async (reason: string) => {
      await insertHistory(console.system.database, [{ status: "failed", reason }]);
      await page.clock.fastForward(10 * MINUTE);
    };
    await page.getByLabel(`Choose ${made[0]?.id}`).check();
    await page.getByText("More filters").click();
    const typed = page.getByLabel("Route", { exact: true });
    await typed.fill("half a na");
    await typed.evaluate((input) => input.scrollIntoView({ block: "start" }));
    const state = async () => ({
      scroll: await page.evaluate("scrollY"),
      focus: await page.evaluate("[document.activeElement.name, document.activeElement.selectionStart]"),
      text: await typed.inputValue(),
      fold: await page.locator("details.more").getAttribute("open"),
      chosen: await page.getByLabel(`Choose ${made[0]?.id}`).isChecked(),
    });
    await typed.focus();
    const before = await state();
    expect(before).toMatchObject({ focus: ["route", 9], text: "half a na", fold: "", chosen: true });
    expect(before.scroll).toBeGreaterThan(0);
    await appears("came first");
    await expect.poll(() => count("came first")).toBe(1);
    expect(await state()).toEqual(before);

    await typed.blur();
    await page.keyboard.press("l");
    expect(await page.locator("#live").innerText()).toMatch(/^Stopped \d\d:/);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await appears("came second");
    await page.evaluate(`fetch("/environment.css").then((answer) => answer.status)`);
    expect(asked.filter((url) => url.includes("/dispatches"))).toEqual([]);
    await page.keyboard.press("l");
    await expect.poll(() => count("came second")).toBe(1);
    await expect.poll(() => page.locator("#live").innerText()).toBe("Live");
  });
});

/** Events of a day in 2023, a millisecond apart: more than any page shows. */
const MANY = 30_000;
const FIRST = 1_700_000_000_000;

/** The id of the n-th event. */
const idOf = (n: number) => {
  const hex = (FIRST + n).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, "0")}`;
};

beforeAll(async () => {
  const { database } = console.system;
  await database.query(
    `insert into eventhub.events (id, payload, payload_bytes, created_at)
     select (lpad(to_hex($1::bigint + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
       jsonb_build_object('kind', 'order.paid', 'order', jsonb_build_object('id', n, 'no', 'no-' || n),
         'mark', case when n % 3000 = 2000 then 'sought' end),
       80, to_timestamp(($1::bigint + n) / 1000.0)
     from generate_series(0, $2::int - 1) n`,
    [FIRST, MANY],
  );
  await database.query("analyze eventhub.events");
});

describe("a customer's order", () => {
  const PATH = "$.order.id";

  test("is found by its number in one search if its path has an index, and otherwise by a payload value in three steps", async () => {
    const payloads = await console.open("/events");
    const steps = new Steps(payloads);
    await steps.type("Payload path", PATH);
    await steps.type("equals", "17", true);
    await expect.poll(() => rows(payloads)).toEqual([idOf(17)]);
    expect(steps.count).toBeLessThanOrEqual(3);

    await migrate(console.system.database.url, { indexes: { paths: [PATH], dropOthers: false } });
    // The hub asks the database every 30 seconds which paths have an index.
    await expect
      .poll(async () => {
        const found = await console.system.operate<{ places: { path: string }[] }>("find", "nothing of the kind");
        return found.places.map(({ path }) => path);
      })
      .toContain(PATH);
    const page = await console.open("/");
    const one = new Steps(page);
    await one.type("Find by id, key, indexed value or text in a reason", "order 17 never arrived", true);
    await page.waitForURL(`/events/${idOf(17)}`);
    expect(one.count).toBeLessThanOrEqual(2);
    expect(await page.locator("main").innerText()).toContain('"no-17"');
  });

  test("that does not exist is not found, and the search says where it looked", async () => {
    const page = await console.open("/search?q=nowhere-17");
    expect(await page.locator("main .empty").innerText()).toContain("Nothing is found for “nowhere-17”");
    const looked = await page.locator("#looked-at li").allInnerTexts();
    expect(looked).toEqual([
      "Idempotency keys: nothing",
      "Payloads at $.order.id: nothing",
      "Keys of limits and orders: nothing",
      "Reasons: nothing",
    ]);
    await isAccessible(page);
  });

  test("is a click away if the search took its text for a number", async () => {
    const page = await console.open("/events?path=$.order.no&equals=1&from=2023-11-14T00:00&to=2023-11-15T00:00");
    await page.getByRole("link", { name: "Look for the text" }).click();
    await page.waitForURL(/equals=%221%22/);
  });
});

describe("a search that takes long", () => {
  const slowly = () =>
    console.system.faults.plan({ place: "database", fault: "slow", ms: 900, times: 1_000, about: '"mark"' });
  const ADDRESS = "/events?path=$.mark&equals=sought&from=2023-11-14T22:13:42";
  const sought = [29_000, 26_000, 23_000].map((n) => idOf(n));

  beforeAll(slowly);
  afterAll(() => console.system.faults.clear());

  test("continues by itself, adds what it finds, says how far it is, and ends", async () => {
    const page = await console.open(ADDRESS);
    // The hub returns what it has found after two seconds.
    expect(await rows(page)).toEqual(sought.slice(0, 1));
    expect(await page.locator("#looked").innerText()).toMatch(
      /^Looked at \d,\d{3} of about [\d,]+ events, back to 2023-11-14 22:13\.\s*Stop$/,
    );
    await isAccessible(page);
    await expect.poll(() => page.locator("#looked").innerText()).toBe("Looked at everything: 3 found.");
    expect(await rows(page)).toEqual(sought);
  });

  test("can be stopped, and continues from there with a link", async () => {
    const page = await console.open(ADDRESS);
    await page.getByRole("button", { name: "Stop" }).click();
    const further = page.getByRole("link", { name: "Look further" });
    expect(await further.isVisible()).toBe(true);
    expect(await rows(page)).toEqual(sought.slice(0, 1));
    await further.click();
    await page.waitForURL(/cursor=/);
    await expect.poll(() => rows(page)).toEqual(sought.slice(1));
  });

  test("keeps what it has found if there is no answer, and says so", async () => {
    const page = await console.open("/", { tolerated: [/ERR_/] });
    await page.route(/cursor=/, (route) => route.abort());
    await page.goto(ADDRESS);
    await expect.poll(() => page.locator("#looked").innerText()).toContain("No answer.");
    expect(await rows(page)).toEqual(sought.slice(0, 1));
    expect(await page.getByRole("link", { name: "Look further" }).isVisible()).toBe(true);
  });

  test("works without scripts: a link continues it", async () => {
    const page = await console.openAlone(ADDRESS, { javascript: false });
    await page.getByRole("link", { name: "Look further" }).click();
    await expect.poll(() => rows(page)).toEqual(sought.slice(1, 2));
  });
});

describe("a list", () => {
  test("shows the chosen columns, and still does so the next time", async () => {
    const page = await console.openAlone("/events");
    const heads = () => page.locator("main thead th").allInnerTexts();
    await expect.poll(heads).toEqual(["", "Event", "What", "Emitted", "Dispatches", "Idempotency key"]);
    await page.getByText("Columns", { exact: true }).click();
    await page.getByLabel("Column Idempotency key").uncheck();
    await page.getByLabel("Column Size").check();
    await page.getByRole("button", { name: "Show these" }).click();
    await expect.poll(heads).toEqual(["", "Event", "What", "Emitted", "Dispatches", "Payload"]);
    await page.goto("/events");
    await expect.poll(heads).toEqual(["", "Event", "What", "Emitted", "Dispatches", "Payload"]);
    expect(await page.locator("main td.about").first().innerText()).not.toBe("");
  });

  test("keeps a filter by its name in this browser", async () => {
    const page = await console.openAlone("/dispatches?status=failed&reason=no.+4");
    await page.getByText("Saved filters", { exact: true }).click();
    await page.getByLabel("Name of this filter").fill("<b>the fours</b>");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.goto("/dispatches");
    await page.getByText("Saved filters", { exact: true }).click();
    await page.getByRole("link", { name: "<b>the fours</b>" }).click();
    await page.waitForURL("/dispatches?reason=no.+4&status=failed");
    await page.getByText("Saved filters", { exact: true }).click();
    await page.getByRole("button", { name: "Remove <b>the fours</b>" }).click();
    expect(await page.getByText("None is saved in this browser yet.").isVisible()).toBe(true);
  });

  test("is available as CSV or JSON, with everything that was found", async () => {
    const evil = '=cmd|"x"!A1, "quoted"\nsecond line';
    await insertHistory(console.system.database, [{ status: "lost", reason: evil }]);
    const page = await console.open("/dispatches?status=lost");
    await page.getByText("Export", { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV", exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^dispatches-\d{4}-\d\d-\d\dT\d{4}\.csv$/);
    const answer = await page.request.get("/dispatches.csv?status=lost");
    const [head, row] = (await answer.text()).split("\r\n");
    expect(head).toBe(
      "\ufeffid,eventId,destination,route,status,reason,attempts,maxRetries,createdAt,resultedAt,nextAttemptAt,kind,values,payload",
    );
    expect(row).toContain(`,lost,"'=cmd|""x""!A1, ""quoted""\nsecond line",0,3,`);
    const all = await page.request.get("/dispatches.json?status=failed");
    expect(await all.json()).toHaveLength(made.length / 2 + (await laterFailed()));
    expect((await page.request.get("/stats.csv?period=24h")).status()).toBe(200);
    const stats = await page.request.get("/stats.json?period=24h");
    expect(await stats.json()).toContainEqual(expect.objectContaining({ status: "lost", dispatches: 1 }));
    const [columns, ...destinations] = (await (await page.request.get("/destinations.csv")).text())
      .trim()
      .split("\r\n");
    expect(columns).toMatch(/^name,kind,state,.*,lostDay,.*,p99MsDay$/);
    expect(destinations.length).toBeGreaterThan(2);
    const refused = await page.request.get("/events.csv?ids=17");
    expect(refused.status()).toBe(400);
    const cut = await page.request.get("/events.json");
    expect(cut.headers()["content-disposition"]).toContain("-and-more.json");
    expect(await cut.json()).toHaveLength(10_000);
  });
});

/** The failed dispatches that other tests have made. */
async function laterFailed(): Promise<number> {
  const [row] = await console.system.database.query<{ n: number }>(
    "select count(*)::int as n from eventhub.dispatches where status = 'failed'",
  );
  return (row?.n ?? 0) - made.length / 2;
}
