import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());

test("one choice finds the events that matched no route, and leads on to a replay", async () => {
  const { system } = console;
  const { events } = await system.emit({ to: "nowhere that a route takes" });
  const [unmatched] = events;
  const [matched] = await insertHistory(system.database, [{ status: "complete" }]);
  const page = await console.open("/events");
  const ids = async () =>
    (await page.locator("main tbody tr").evaluateAll((all) => all.map(({ id }) => id))).map((id) => id.slice(2));
  await expect.poll(ids).toHaveLength(2);
  await page.getByText("More filters").click();
  await page.locator("select[name=matched]").selectOption("no");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL("/events?matched=no");
  await expect.poll(ids).toEqual([unmatched?.id]);
  expect(await page.locator("main tbody tr").innerText()).toContain("no route matched");
  expect(await page.getByRole("link", { name: "Replay all found…" }).getAttribute("href")).toBe(
    "/events/replay?matched=no",
  );
  await page.getByText("More filters").click();
  await page.locator("select[name=matched]").selectOption("yes");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL("/events?matched=yes");
  await expect.poll(ids).toEqual([matched?.eventId]);
});
