import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole({}, { defined: true });
});
afterAll(() => console?.stop());

const texts = async (page: { locator(selector: string): { allInnerTexts(): Promise<string[]> } }, selector: string) =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());

test("the page of kinds shows their definitions, which events were seen, and which were not defined", async () => {
  const { system } = console;
  await system.emit([
    { kind: "order.paid", id: "o-1", total: 5 },
    { kind: "order.seen", id: 5 },
  ]);
  const [row] = await system.database.query<{ id: string }>(`select eventhub.emit('{"kind": "stock.low"}') as id`);
  await system.operate("tick");

  const page = await console.open("/events/kinds");
  expect(await texts(page, "main > table tbody td:nth-child(1)")).toEqual([
    "order.paid",
    "order.refunded",
    "order.seen",
  ]);
  expect(await texts(page, "main > table tbody td:nth-child(3)")).toEqual(["1", "0", "1"]);
  expect(await texts(page, "main > table tbody td:nth-child(4)")).toEqual(["0", "0", "1"]);
  expect(await texts(page, "#others tbody td:nth-child(1)")).toEqual(["stock.low"]);
  const refunded = page.locator("#kind-order\\.refunded");
  await refunded.getByText("Schema", { exact: true }).click();
  expect(await refunded.innerText()).toContain('"required"');

  // From there a link finds the events that do not match their definition, and each says what is wrong.
  await page.getByRole("link", { name: "Those not as defined" }).click();
  const list = () => texts(page, "table.events tbody tr");
  await expect.poll(async () => (await list()).length).toBe(2);
  const rows = await list();
  // Two clocks made them in one millisecond, so they have no order.
  const marks = ["refused", "not as defined"];
  expect(rows.map((row) => marks.find((mark) => row.includes(mark))).toSorted()).toEqual(marks.toSorted());
  await page.goto(`/events/${row?.id}`);
  expect(await texts(page, "#invalid li")).toEqual(["kind: is none of the 3 defined kinds"]);
  expect(await page.locator("#dispatches").innerText()).toContain("It is refused, and goes nowhere");
});

test("an example is emitted as it is defined, and one that does not match is refused with its faults", async () => {
  const page = await console.open("/events/kinds", { tolerated: [/400/] });
  await page.locator("#kind-order\\.paid").getByRole("link", { name: "Emit an example" }).click();
  const payload = page.locator("textarea[name=payload]");
  expect(JSON.parse(await payload.inputValue())).toEqual({ kind: "order.paid", id: "o-1", total: 5 });
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  expect(await page.locator("#emitted h2").innerText()).toBe("Emitted 1 event");

  await page.goto("/emit");
  await payload.fill('{"kind": "order.paid", "id": "o-1"}');
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  await expect.poll(() => page.locator("main").innerText()).toContain("[invalid_event] event.total: ");
});
