import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

const payload = (page: Page) => page.getByLabel("Payload (JSON)");
const fault = (page: Page) => page.locator("#payload-fault").innerText();
const REFUSED = { tolerated: [/status of 400/] };

/** Types text that is not JSON and sends it: the text stays, and the place of the fault is shown. */
async function showsWhereItIsNoJson(page: Page, button: string): Promise<void> {
  const text = '{\n  "to": "SCRIPTED",\n  "n": 1,,\n  "rest": "\u00e4 </textarea>"\n}';
  await payload(page).fill(text);
  await page.getByRole("button", { name: button, exact: true }).click();
  await expect.poll(() => page.locator("#payload-fault").count()).toBe(1);
  expect(await fault(page)).toMatch(/^Not JSON, line 3, column 10: [\s\S]*\n\s*3\s+"n": 1,,$/);
  expect(await payload(page).inputValue()).toBe(text);
  expect(await payload(page).getAttribute("aria-invalid")).toBe("true");
}

const events = () => console.system.database.query("select from eventhub.events");

describe("the route tester", () => {
  test("says which route takes a payload, why the others do not, and emits nothing", async () => {
    const page = await console.open("/routes");
    await payload(page).fill('{ "to": "both", "n": 1 }');
    await page.getByRole("button", { name: "Explain" }).click();
    await expect.poll(() => page.locator("#explanation [role=status]").allInnerTexts()).toHaveLength(1);
    expect(await page.locator("#explanation [role=status]").innerText()).toMatch(/^2 of \d+ routes match\.$/);
    const told = await page.locator("#explanation > ul > li").allInnerTexts();
    const plain = told.map((text) => text.replaceAll(/\s+/g, " "));
    expect(plain.slice(0, 3)).toEqual([
      "matches fan-out a to SCRIPTED",
      "matches fan-out b to SINGLE",
      expect.stringMatching(
        /^does not match scripted to SCRIPTED \$\.to must exact "SCRIPTED" ?, found "both" routes\[0\]/,
      ),
    ]);
    expect(await payload(page).inputValue()).toBe('{ "to": "both", "n": 1 }');
    expect(await events()).toEqual([]);
  });

  test("keeps text that is not JSON and says where the fault is, and explains why other JSON is not a payload", async () => {
    const page = await console.open("/routes", REFUSED);
    await showsWhereItIsNoJson(page, "Explain");
    await payload(page).fill("[1, 2]");
    await page.getByRole("button", { name: "Explain" }).click();
    await expect
      .poll(() => fault(page))
      .toMatch(/^\[invalid_payload\] payload: payload must be a JSON object, got an array/);
    expect(await payload(page).inputValue()).toBe("[1, 2]");
  });
});

describe("an event is created", () => {
  test("as by a producer: its ids lead to it, and the same key stores it once", async () => {
    const page = await console.open("/emit");
    await payload(page).fill('{ "to": "both", "order": 17 }');
    await page.getByLabel("Idempotency key", { exact: true }).fill("order-17");
    await page.getByRole("button", { name: "Emit", exact: true }).click();
    const emitted = page.locator("#emitted");
    await expect.poll(() => emitted.count()).toBe(1);
    expect(await emitted.locator("h2").innerText()).toBe("Emitted 1 event");
    const links = await emitted.locator("li a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    const event = links[0]?.replace("/events/", "") ?? "";
    const dispatches = await console.system.settled(event);
    expect(links).toEqual([`/events/${event}`, ...dispatches.map(({ id }) => `/dispatches/${id}`)]);
    expect(dispatches.map(({ destination, status }) => [destination, status])).toEqual([
      ["SCRIPTED", "complete"],
      ["SINGLE", "complete"],
    ]);
    expect((await console.system.calls(event)).map((call) => call.payload)).toEqual(
      Array(2).fill({ to: "both", order: 17 }),
    );

    // The form keeps what was sent, so that it can be changed and sent again.
    await page.getByRole("button", { name: "Emit", exact: true }).click();
    await expect.poll(() => emitted.innerText()).toContain("stored before under this key");
    expect(await console.system.dispatches(event)).toHaveLength(2);

    await emitted.locator("li a").first().click();
    await expect.poll(() => page.locator("h1").innerText()).toBe("Event");
    expect(await page.locator("main").innerText()).toContain("order-17");
  });

  test("once, however often its form is sent", async () => {
    const page = await console.open("/emit");
    const before = await events();
    const once = await page.locator("input[name=once]").inputValue();
    const answers = await page.evaluate(
      async (body) => {
        const send = () => fetch("/emit", { method: "POST", body: new URLSearchParams(body) });
        return [await (await send()).text(), await (await send()).text()];
      },
      { payload: '{ "to": "SCRIPTED" }', once },
    );
    expect(answers.map((html) => html.includes("stored before under this key"))).toEqual([false, true]);
    expect(await events()).toHaveLength(before.length + 1);
  });

  test("or, without a route for it, leads to the reason", async () => {
    const page = await console.open("/emit");
    await payload(page).fill('{ "to": "nobody" }');
    await page.getByRole("button", { name: "Emit", exact: true }).click();
    await page.getByRole("link", { name: "why?" }).click();
    await expect.poll(() => page.locator("#explanation").innerText()).toContain("No route matches");
  });

  test("or refused: the text stays, with the place of the fault", async () => {
    const page = await console.open("/emit", REFUSED);
    const before = await events();
    await showsWhereItIsNoJson(page, "Emit");
    await payload(page).fill('[{ "a": 1 }, [2]]');
    await page.getByLabel("Delay in seconds").fill("5");
    await page.getByRole("button", { name: "Emit", exact: true }).click();
    await expect
      .poll(() => fault(page))
      .toBe("[invalid_payload] events[1]: payload must be a JSON object, got an array");
    expect(await payload(page).inputValue()).toBe('[{ "a": 1 }, [2]]');
    expect(await page.getByLabel("Delay in seconds").inputValue()).toBe("5");

    await payload(page).fill('{ "to": "SCRIPTED" }');
    await page.getByLabel("Delay in seconds").fill("soon");
    await page.getByRole("button", { name: "Emit", exact: true }).click();
    await expect
      .poll(() => page.locator("main [role=alert]").allInnerTexts())
      .toEqual([expect.stringContaining("[invalid_options] ")]);
    expect(await page.getByLabel("Delay in seconds").inputValue()).toBe("soon");
    expect(await events()).toEqual(before);
  });
});
