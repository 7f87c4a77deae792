import { afterAll, beforeAll, expect, test } from "vitest";
import { DISPATCH_STATUSES } from "../../schema/vocabulary/statuses.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { DESTINATIONS, LONG_DESTINATION, ROUTES } from "../workers/crowded-names.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { overflowOf } from "./support/overflow.ts";

const WIDTHS = [360, 390, 768, 1_024, 1_440, 1_920];
const MINUTE = 60_000;
const EVENTS = 60;

/** Texts as awkward as the names. */
const REASONS = [
  `HTTP 503 from ${"x".repeat(300)}`,
  "رفض الخادم الطلب لأن الحساب مغلق منذ أمس ولا يمكن فتحه إلا من قبل المدير",
  `${"🔥".repeat(60)} on fire`,
];

let console: ConsoleUnderTest;
let dispatch: string;
let event: string;
let otherEvent: string;
let operation: string;
beforeAll(async () => {
  console = await startConsole({ ENVIRONMENT_NAME: "production of the northern countries 2nd" }, { crowded: true });
  const { database } = console.system;
  const past = Array.from({ length: EVENTS }, (_, index): Past => {
    const route = ROUTES[index % 4];
    const status = DISPATCH_STATUSES[index % DISPATCH_STATUSES.length] ?? "failed";
    return {
      status,
      destination: DESTINATIONS[index % 3] ?? "",
      route: route?.name ?? "",
      reason: status === "complete" ? undefined : REASONS[index % 3],
      idempotencyKey: `${"k".repeat(180)}-${index}`,
      payload: { [`${"n".repeat(200)}`]: "v".repeat(400), kind: "order.paid.by.a.customer.of.the.north" },
      at: new Date(Date.now() - (index + 1) * 7 * MINUTE),
      attempts: 1_000 + index,
    } as Past;
  });
  const made = await insertHistory(database, past);
  dispatch = made[3]?.id ?? "";
  event = made[3]?.eventId ?? "";
  otherEvent = made[4]?.eventId ?? "";
  await database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select $1, n, 'failed', $2, repeat('i', 60) || n, now() - interval '1 hour', now() from generate_series(1, 20) n`,
    [dispatch, REASONS[0]],
  );
  await console.system.operate("pauseDestination", DESTINATIONS[1], REASONS[0], { actor: "a".repeat(200) });
  ({ id: operation } = await console.system.operate<{ id: string }>(
    "retryDispatches",
    { ids: [dispatch] },
    { actor: "a".repeat(200) },
  ));
});
afterAll(() => console.stop());

/** A page of what has just happened. */
async function live(): Promise<string> {
  const past = {
    destination: DESTINATIONS[1] ?? "",
    route: ROUTES[1]?.name ?? "",
    reason: REASONS[1] ?? "",
    attempts: 1,
  };
  const payload = { kind: "order.paid.by.a.customer.of.the.north" };
  const at = new Date(Date.now() - 20_000);
  await insertHistory(console.system.database, [
    { ...past, status: "misconfigured", payload, at },
    { ...past, status: "ongoing", payload, at },
  ]);
  await console.system.database.query(
    "insert into eventhub.events (id, payload, payload_bytes, routed) values (eventhub.uuid_at(now() - interval '20 s'), $1, 100, false)",
    [payload],
  );
  await console.system.database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select id, 1, 'misconfigured', $1, 'i', now(), now() from eventhub.dispatches where status = 'ongoing' order by id desc limit 1
     on conflict do nothing`,
    [REASONS[1]],
  );
  return "/live";
}

test.each<[string, () => string | Promise<string>]>([
  ["overview", () => "/"],
  ["dispatches", () => "/dispatches"],
  ["dispatch", () => `/dispatches/${dispatch}`],
  ["events", () => "/events"],
  ["event", () => `/events/${event}`],
  ["destinations", () => "/destinations?idle=yes"],
  ["destination", () => `/destinations/${LONG_DESTINATION}`],
  ["routes", () => "/routes"],
  ["route", () => `/routes/${encodeURIComponent(ROUTES[0]?.name ?? "")}`],
  ["routes explained", () => `/routes?event=${event}`],
  ["operations", () => "/operations"],
  ["operation", () => `/operations/${operation}`],
  ["retry's preview", () => "/dispatches/retry"],
  ["figures", () => "/figures"],
  ["cancel's preview", () => "/dispatches/cancel"],
  ["replay's preview", () => "/events/replay"],
  ["attempts compared", () => `/dispatches/${dispatch}/compare?a=1&b=2`],
  ["events compared", () => `/events/compare?ids=${event}&ids=${otherEvent}`],
  ["kinds of events", () => "/events/kinds"],
  ["search", () => `/search?q=${encodeURIComponent(REASONS[1] ?? "")}`],
  ["live tail", live],
  ["deployment", () => "/deployment"],
  ["emit", () => "/emit"],
  ["retention", () => "/retention"],
])(
  "with the longest names, everything on the page fits, can be reached and is aligned, at every width: %s",
  async (_, path) => {
    const page = await console.open(await path());
    // Deferred parts have come, and charts are drawn.
    await expect.poll(() => page.locator(".skeleton, .plot:not(:has(canvas))").count()).toBe(0);
    const found: Record<number, string[]> = {};
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const faults = await overflowOf(page);
      if (faults.length > 0) found[width] = faults;
    }
    expect(found).toEqual({});
  },
);

test("the live tail keeps the time and what happened in one line each", async () => {
  const page = await console.open(await live());
  await page.setViewportSize({ width: 1_024, height: 900 });
  const lines = await page
    .locator("table.live tr :is(td:nth-child(1), td:nth-child(2))")
    .evaluateAll((cells: { firstElementChild: { getClientRects(): { length: number } } | null }[]) =>
      cells.map((cell) => cell.firstElementChild?.getClientRects().length),
    );
  expect(lines.length).toBeGreaterThan(4);
  expect(new Set(lines)).toEqual(new Set([1]));
});

test("these tests notice what does not fit, is cut off or stands beside its head", async () => {
  const page = await console.open("/dispatches");
  await page.setViewportSize({ width: 1_440, height: 900 });
  expect(await overflowOf(page)).toEqual([]);
  await page.evaluate(`{
    const row = document.querySelector("main tbody tr");
    document.querySelectorAll("main th")[2].style.paddingLeft = "40px";
    row.cells[3].title = "";
    row.cells[2].querySelector("code").style.cssText = "display: block; width: 2ch; white-space: normal";
    document.querySelector("main h1").style.marginLeft = "-60px";
  }`);
  const found = (await overflowOf(page)).map((text) => text.replace(/:.*/, ""));
  for (const fault of [
    /^sticks out by 3\d px$/,
    /^is cut without a title$/,
    /^the head is 3\d px beside its cells$/,
    /^[3-9] lines$/,
  ])
    expect(found).toContainEqual(expect.stringMatching(fault));
  expect(found).toContainEqual(expect.stringMatching(/^a row of \d+ px$/));
});

test("each of 230 routes is found page by page, and leads to its dispatches", async () => {
  const page = await console.open("/routes");
  const pager = page.getByRole("navigation", { name: "Pages of the routes" });
  expect(await pager.innerText()).toContain("1 to 100 of 230");
  await pager.getByRole("link", { name: "After" }).click();
  await page.waitForURL(/page=2/);
  await pager.getByRole("link", { name: "After" }).click();
  await page.waitForURL(/page=3/);
  expect(await pager.innerText()).toContain("201 to 230 of 230");
  const last = ROUTES.at(-1)?.name ?? "";
  const item = page.locator(".routes li").last();
  expect(await item.locator("b").innerText()).toBe(last);
  await item.locator("summary").first().click();
  await item.getByRole("link", { name: "Its dispatches" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("route")).toBe(last);
});

test("retention says how many events and payloads will be removed on which day", async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * MINUTE);
  const of = (count: number, days: number) =>
    Array.from({ length: count }, (): Past => ({ status: "complete", at: daysAgo(days) }));
  await insertHistory(console.system.database, [...of(3, 29.5), ...of(2, 27.5), ...of(5, 5.5)]);
  const page = await console.open("/routes");
  await page.getByRole("link", { name: "what goes when" }).click();
  const cells = page.locator("#retention tbody tr");
  await expect
    .poll(() =>
      cells.evaluateAll((rows) =>
        rows.slice(0, 3).map((row) => [...row.children].slice(1).map((cell) => cell.textContent)),
      ),
    )
    .toEqual([
      ["0", "3"],
      ["5", "0"],
      ["0", "2"],
    ]);
});
