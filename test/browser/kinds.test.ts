import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole({}, { defined: true });
});
afterAll(() => console?.stop());

const texts = async (page: { locator(selector: string): { allInnerTexts(): Promise<string[]> } }, selector: string) =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());

test("the kinds of events are told with their definition, what was seen of them, and what was not defined", async () => {
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

  // What is marked is found from there, and says what is wrong.
  await page.getByRole("link", { name: "Those not as defined" }).click();
  const rows = await texts(page, "table.events tbody tr");
  expect(rows).toHaveLength(2);
  expect(rows[0]).toContain("refused");
  expect(rows[1]).toContain("not as defined");
  await page.goto(`/events/${row?.id}`);
  expect(await texts(page, "#invalid li")).toEqual(["kind: is none of the 3 kinds that are defined"]);
  expect(await page.locator("#dispatches").innerText()).toContain("It is refused, and goes nowhere");
});

test("an example is emitted as it is defined, and what is not so is refused with its faults", async () => {
  const page = await console.open("/events/kinds", { tolerated: [/400/] });
  await page.locator("#kind-order\\.paid").getByRole("link", { name: "Emit an example" }).click();
  const payload = page.locator("textarea[name=payload]");
  expect(JSON.parse(await payload.inputValue())).toEqual({ kind: "order.paid", id: "o-1", total: 5 });
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  expect(await page.locator("#emitted h2").innerText()).toBe("Emitted 1 event");

  await page.goto("/emit");
  await payload.fill('{"kind": "order.paid", "id": "o-1"}');
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  expect(await page.locator("main").innerText()).toContain("[invalid_event] event.total: ");
});
