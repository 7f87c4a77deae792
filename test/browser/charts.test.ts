import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

const MINUTE = 60_000;
/** The time in the form of an address: UTC, to the minute. */
const utc = (at: number) => new Date(Math.floor(at / MINUTE) * MINUTE).toISOString().slice(0, 19);

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole();
  const of = (count: number, agoMinutes: number, rest: Partial<Past>): Past[] =>
    Array.from({ length: count }, (_, n) => {
      const at = Date.now() - agoMinutes * MINUTE - n * 1_000;
      // One of ten is slow.
      const took = n % 10 === 0 ? 30_000 : 150;
      return { status: "complete", at: new Date(at - took), resultedAt: new Date(at), attempts: 1, ...rest };
    });
  await insertHistory(console.system.database, [
    ...Array.from({ length: 25 }, (_, minutes) => of(10, minutes, { route: "scripted" })).flat(),
    ...of(4, 10, { route: "no retries", status: "failed", reason: "HTTP 503" }),
    ...of(6, 150, { route: "no retries" }),
  ]);
});
afterAll(() => console.stop());

/**
 * Counts the columns of pixels, between two shares of a chart's width, that show a colour of the style; all columns; and the rows without the colour
 * between rows that show it.
 */
async function columnsWith(chart: Locator, name: string, from: number, to: number): Promise<[number, number, number]> {
  const id = await chart.getAttribute("id");
  return (await chart.page().evaluate(
    `(() => {
      const drawn = document.querySelector("#${id} canvas");
      const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width, height: drawn.height });
      const copied = canvas.getContext("2d", { willReadFrequently: true });
      copied.drawImage(drawn, 0, 0);
      const probe = document.body.appendChild(document.createElement("span"));
      probe.style.color = "var(${name})";
      const wanted = getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number);
      probe.remove();
      const { width, height } = canvas;
      const left = Math.round(width * ${from});
      const columns = Math.round(width * ${to}) - left;
      const { data } = copied.getImageData(left, 0, columns, height);
      const xs = new Set();
      const ys = new Set();
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < columns; x++) {
          const at = (y * columns + x) * 4;
          if (data[at + 3] <= 20 || wanted.some((part, index) => Math.abs(data[at + index] - part) >= 12)) continue;
          xs.add(x);
          ys.add(y);
        }
      }
      return [xs.size, columns, ys.size === 0 ? 0 : Math.max(...ys) - Math.min(...ys) + 1 - ys.size];
    })()`,
  )) as [number, number, number];
}

/** Opens the charts of the last minutes, of which the last one is not over yet, until no minute ends while they are made. */
async function openMinutes(minutes: number): Promise<Page> {
  const now = Date.now();
  const page = await console.open(`/figures?from=${utc(now - minutes * MINUTE)}&to=${utc(now + MINUTE)}`);
  await page.locator("#chart-latency canvas").waitFor();
  return utc(Date.now()) === utc(now) ? page : openMinutes(minutes);
}

describe("a chart", () => {
  test("shows that the current time is not over yet, without a fall to zero", async () => {
    const page = await openMinutes(15);
    const chart = page.locator("#chart-flow");
    expect(await chart.locator("figcaption").innerText()).toContain("dashed: not over yet");
    const texts = await chart.locator("tbody tr td:first-child").allTextContents();
    expect(texts.at(-1)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d, so far$/);
    expect(texts.slice(0, -1).join()).not.toContain("so far");
    // The line is solid, and then has gaps. Behind it is the room of the axis.
    const [whole, columns] = await columnsWith(chart, "--c-good", 0.3, 0.8);
    expect(whole).toBe(columns);
    const [dashed, rest, rows] = await columnsWith(chart, "--c-good", 0.88, 0.92);
    expect(dashed).toBeGreaterThan(0);
    // In the first seconds of a minute the line falls steeply, and its gaps are between rows.
    expect(rest - dashed + rows).toBeGreaterThan(0);
  });

  test("leads to each of its times without a pointer as well", async () => {
    const page = await openMinutes(15);
    const chart = page.locator("#chart-flow");
    await chart.getByText("Numbers").click();
    const row = chart.locator("tbody tr").nth(4);
    const [, delivered] = await row.locator("td[data-value]").allTextContents();
    await row.getByRole("link").press("Enter");
    await page.waitForURL(/from=.*%3A00&to=.*%3A00$/);
    expect(await page.locator(".tile", { hasText: "Delivered" }).innerText()).toMatch(
      new RegExp(`Delivered\\s+${delivered}$`),
    );
  });

  test("of a time that is over has no dashed line", async () => {
    const now = Date.now();
    const page = await console.open(`/figures?from=${utc(now - 20 * MINUTE)}&to=${utc(now - 5 * MINUTE)}`);
    await page.locator("#chart-flow canvas").waitFor();
    expect(await page.locator("#figures").innerText()).not.toContain("not over yet");
    expect(await page.locator("#figures tbody").first().textContent()).not.toContain("so far");
    await isAccessible(page);
  });

  test("can be marked, and then the page and the lists show that time", async () => {
    const page = await console.open("/?period=1h");
    const plot = page.locator("#chart-flow .u-over");
    await plot.waitFor();
    const box = await plot.boundingBox();
    if (box === null) throw new Error("no chart");
    // Marks the part of the hour in which four failed, ten minutes ago.
    await page.mouse.move(box.x + box.width * 0.75, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/\/figures\?from=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A00&to=/);
    expect(await page.locator("#failed tbody tr").count()).toBe(4);
    expect(await page.locator(".tile", { hasText: "Failed" }).innerText()).toMatch(/Failed\s+4/);
    await isAccessible(page);
    await page.locator("#failed").getByRole("link", { name: "all of them" }).click();
    await page.waitForURL(/\/dispatches\?.*from=/);
    expect(await page.locator("main tbody tr").count()).toBe(4);
  });

  test("of latency is a heat map with percentiles in front, each with its name", async () => {
    const page = await openMinutes(15);
    const chart = page.locator("#chart-latency");
    expect(await chart.locator("figcaption").innerText()).toContain("the stronger, the more took so long");
    const bands = await chart.locator("tr[data-bands]").first().getAttribute("data-bands");
    const counts = (bands ?? "").split(",").map(Number);
    // Nine from 100 to 200 ms, one from 20 s to a minute.
    expect(counts.filter((n) => n > 0)).toEqual([9, 1]);
    const [heated] = await columnsWith(chart, "--c-heat", 0.2, 0.8);
    expect(heated).toBeGreaterThan(0);
    for (const line of ["p50", "p95", "p99"]) {
      const [named] = await columnsWith(chart, `--c-${line}`, 0.96, 1);
      expect(named, line).toBeGreaterThan(0);
    }
  });
});

describe("a route", () => {
  test("is listed with its results, and leads to its page", async () => {
    const page = await console.open("/routes?q=no+retries");
    const route = page.locator(".routes li");
    expect(await route.locator(".route-health").innerText()).toMatch(
      /^60\.0 % of 10, p50 \d+ ms, p95 [\d.]+ s, p99 [\d.]+ s$/,
    );
    await route.getByRole("link", { name: "Charts and how it does" }).click();
    await page.waitForURL("/routes/no%20retries");
    expect(await page.locator("main h1").innerText()).toBe("no retries");
    expect(await page.locator(".facts").innerText()).toMatch(/60\.0 % of 10, p50/);
    expect(await page.locator("#condition").innerText()).toContain("$.to");
    await isAccessible(page);
  });

  test("has charts, and marking a part there shows its dispatches", async () => {
    const page = await console.open("/routes/no%20retries");
    const figures = page.locator("#figures");
    await figures.waitFor();
    expect(await figures.locator(".tile").allInnerTexts()).toEqual([
      expect.stringMatching(/Dispatched\s+10/),
      expect.stringMatching(/Delivered\s+6/),
      expect.stringMatching(/Failed\s+4/),
      expect.stringMatching(/Ongoing now\s+0/),
    ]);
    expect(await page.locator("#latest tbody tr").count()).toBe(10);
    const plot = await figures.locator("#chart-flow .u-over").boundingBox();
    if (plot === null) throw new Error("no chart");
    // Marks the end of the day: what was delivered two and a half hours ago is outside.
    await page.mouse.move(plot.x + plot.width * 0.95, plot.y + 50);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.999, plot.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/\/routes\/no%20retries\?from=\d{4}-\d\d-\d\dT\d\d%3A[03]0%3A00&to=/);
    await expect
      .poll(() => page.locator("#figures .tile").allInnerTexts())
      .toContainEqual(expect.stringMatching(/Dispatched\s+4/));
    expect(await page.locator("#latest tbody tr").count()).toBe(4);
    await page.locator("#latest").getByRole("link", { name: "all of them" }).click();
    await page.waitForURL(/\/dispatches\?.*from=/);
    expect(await page.locator("main tbody tr").count()).toBe(4);
  });

  test("that is not configured says so, and leads to its dispatches", async () => {
    const page = await console.open("/routes/gone", { tolerated: [/404/] });
    expect(await page.locator("main").innerText()).toContain("The configuration has no route gone");
    expect(await page.getByRole("link", { name: "Its dispatches" }).getAttribute("href")).toBe(
      "/dispatches?route=gone",
    );
  });
});
