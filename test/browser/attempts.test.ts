import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

const ATTEMPTS = 3_000;
const REASON = "HTTP 503 from billing.internal: upstream overloaded";

let console: ConsoleUnderTest;
let dispatch: string;
let mixed: string;
beforeAll(async () => {
  console = await startConsole();
  const [made, other] = await insertHistory(console.system.database, [
    { status: "failed", reason: REASON, attempts: ATTEMPTS },
    { status: "failed", reason: "no answer", attempts: 300 },
  ]);
  [dispatch, mixed] = [made?.id ?? "", other?.id ?? ""];
  const insert = `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
    select $1, n, 'failed', REASON, 'instance-' || n / 1000, at, at + interval '40 ms'
    from generate_series(1, $2::int) n, lateral (select now() - make_interval(mins => $2::int - n) as at) m`;
  await console.system.database.query(insert.replace("REASON", `'${REASON}'`), [dispatch, ATTEMPTS]);
  await console.system.database.query(insert.replace("REASON", "'no answer within ' || n % 9 || ' s'"), [mixed, 300]);
});
afterAll(() => console.stop());

const steps = (page: Page) => page.locator("#timeline .step").evaluateAll((all) => all.map(({ id }) => id));
const sizeOf = (page: Page) =>
  page.evaluate(`[document.querySelectorAll("*").length, document.documentElement.scrollHeight]`) as Promise<
    [nodes: number, height: number]
  >;

test("of 3,000 attempts, the page shows the first and the last, folds the others into one line, and reaches each of them", async () => {
  const page = await console.open(`/dispatches/${dispatch}`);
  const edge = ["attempt-1", "attempt-2", "attempt-3"];
  const end = ["attempt-2998", "attempt-2999", "attempt-3000"];
  expect(await steps(page)).toEqual(["", ...edge, "attempts-4", ...end, ""]);
  const fold = page.locator("#attempts-4");
  expect(await fold.innerText()).toMatch(
    /^Attempts 4 to 2,997, all\s+failed[\s\S]*in 2 d, in 3 Workflow instances\.[\s\S]*HTTP 503 from/,
  );
  const [nodes, height] = await sizeOf(page);
  expect([nodes < 700, height < 4_000], `${nodes} nodes, ${height} px`).toEqual([true, true]);
  await isAccessible(page);

  // Open the folded attempts, fifty at a time.
  await fold.getByRole("link", { name: "Show them from 4 on" }).click();
  await expect.poll(async () => (await steps(page)).slice(4, 6)).toEqual(["attempt-4", "attempt-5"]);
  expect((await steps(page)).slice(-6)).toEqual(["attempt-53", "attempts-54", ...end, ""]);
  await page.locator("#attempts-54").getByRole("link").click();
  await expect.poll(async () => (await steps(page))[4]).toBe("attempts-4");
  expect((await steps(page))[5]).toBe("attempt-54");

  // Each attempt has an address.
  await page.locator("#attempt-60 .step-head a").click();
  await page.waitForURL(`/dispatches/${dispatch}?attempt=60#attempt-60`);
  expect(await page.evaluate(`document.getElementById("attempt-60").getBoundingClientRect().top`)).toBeLessThan(800);
  await page.goto(`/dispatches/${dispatch}?attempt=2500#attempt-2500`);
  expect(await page.locator("#attempt-2500").innerText()).toContain("Attempt 2,500");
});

test("a fold of attempts that ended in many ways names the most frequent ones", async () => {
  const page = await console.open(`/dispatches/${mixed}`);
  expect(await page.locator("#attempts-4").innerText()).toMatch(
    /^Attempts 4 to 297\s+failed[\s\S]*33\s+failed\s+no answer within 4 s[\s\S]*19\d with 6 other reasons$/,
  );
});

test("a refresh sends nothing that has not changed, and changes nothing else", async () => {
  const page = await console.openAlone(`/dispatches/${dispatch}`, { tolerated: [/htmx/i] });
  await page.clock.install();
  await page.reload();
  const answers: [status: number, bytes: number][] = [];
  page.on("response", async (response) => {
    if (response.request().headers()["hx-request"] !== undefined)
      answers.push([response.status(), (await response.body().catch(() => Buffer.of())).length]);
  });
  const refreshed = async (times: number) => {
    await page.clock.fastForward(10_000);
    await expect.poll(() => answers.length).toBe(times);
    await expect.poll(() => page.locator("#live").innerText()).toBe("Live");
  };
  await refreshed(1);
  // Ignores the times, and htmx' own class on the element that requests.
  await page.evaluate(`window.changed = []; new MutationObserver((all) => {
    for (const { target, attributeName } of all) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      if (element?.closest("time") === null && !(element.id === "main" && attributeName === "class")) changed.push(element.outerHTML);
    }
  }).observe(document.getElementById("main"), { subtree: true, childList: true, attributes: true, characterData: true });`);
  await refreshed(2);
  await refreshed(3);
  expect(answers.slice(1)).toEqual([
    [304, 0],
    [304, 0],
  ]);
  expect(await page.evaluate("changed")).toEqual([]);
  // A change is shown.
  await console.system.operate("retryDispatch", dispatch);
  await refreshed(4);
  await expect.poll(() => page.getByRole("link", { name: "Go to its retry" }).count()).toBe(1);
});
