import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

const MINUTE = 60_000;
/** Rows of a page of the list. */
const ROWS = 50;

let console: ConsoleUnderTest;
/** Failed and complete ones in turn, the newest first: two and a half pages of each. */
let made: { id: string; eventId: string }[];
beforeAll(async () => {
  console = await startConsole();
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
/** The dispatches of a page's list, as the links of its rows name them. */
const rows = async (page: Page) =>
  (await page.locator("main tbody tr").evaluateAll((all) => all.map(({ id }) => id))).map((id) => id.slice(2));

describe("a filter", () => {
  test("stands in the address: it survives a reload, the back and the forward button", async () => {
    const page = await console.open("/dispatches");
    await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "failed", exact: true }).click();
    await page.waitForURL("/dispatches?status=failed");
    await page.getByLabel("Reason contains").fill("no. 4");
    await page.getByLabel("Destination", { exact: true }).fill("SCRIPTED");
    await page.getByLabel("Destination", { exact: true }).press("Enter");
    const filtered = "/dispatches?status=failed&destination=SCRIPTED&reason=no.+4";
    await page.waitForURL(filtered);
    // A choice needs no button.
    await page.locator("select[name=period]").selectOption("24h");
    await page.waitForURL(`${filtered}&period=24h`);
    const expected = [4, 40, 42, 44, 46, 48].map((index) => made[index]?.id);
    const shows = async (reason: string, period: string, ids: (string | undefined)[]) => {
      await expect.poll(() => rows(page)).toEqual(ids);
      expect(await page.getByLabel("Reason contains").inputValue()).toBe(reason);
      expect(await page.locator("select[name=period]").inputValue()).toBe(period);
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

  test("leads from page to page and back, each row once, whatever is emitted meanwhile", async () => {
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

  test("that the hub refuses is shown as it was typed, with what is wrong", async () => {
    const page = await console.open("/dispatches", { tolerated: [/status of 400/] });
    await page.getByText("More", { exact: true }).click();
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
    // Whoever does not want single keys switches them off.
    await help.getByLabel("Use these keys").uncheck();
    await page.keyboard.press("Escape");
    expect(await help.isVisible()).toBe(false);
    await page.keyboard.press("/");
    expect(await focused(page)).not.toBe("search");
    await page.reload();
    await page.locator("#keys").click();
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
  test("shows what comes without taking away scroll, focus, an open fold or what is being typed; l stops it", async () => {
    const page = await console.openAlone("/dispatches?status=failed", { height: 400 });
    await page.clock.install();
    await page.reload();
    const count = (text: string) => page.locator("main tbody tr").filter({ hasText: text }).count();
    const appears = async (reason: string) => {
      await insertHistory(console.system.database, [{ status: "failed", reason }]);
      await page.clock.fastForward(10 * MINUTE);
    };
    await page.getByText("More", { exact: true }).click();
    const typed = page.getByLabel("Route", { exact: true });
    await typed.fill("half a na");
    await page.getByLabel(`Choose ${made[0]?.id}`).check();
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
    expect(await page.locator("#live").innerText()).toBe("Stopped");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await appears("came second");
    await page.evaluate(`fetch("/environment.css").then((answer) => answer.status)`);
    expect(asked.filter((url) => url.includes("/dispatches"))).toEqual([]);
    await page.keyboard.press("l");
    await page.clock.fastForward(10 * MINUTE);
    await expect.poll(() => count("came second")).toBe(1);
    expect(await page.locator("#live").innerText()).toBe("Live");
  });

  test("says when there is no answer, keeps what it shows, and goes on when there is one", async () => {
    const page = await console.openAlone("/dispatches?reason=no.+4", { tolerated: [/ERR_/, /htmx/i] });
    await page.clock.install();
    await page.reload();
    await page.route("**/dispatches?*", (route) => route.abort());
    await page.clock.fastForward(10_000);
    await expect.poll(() => page.locator("#live").innerText()).toMatch(/^No answer for \d+ s$/);
    expect(await rows(page)).toHaveLength(6);
    await page.unroute("**/dispatches?*");
    await page.clock.fastForward(10 * MINUTE);
    await expect.poll(() => page.locator("#live").innerText()).toBe("Live");
  });
});
