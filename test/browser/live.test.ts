import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { insertHistory } from "../support/history.ts";
import { closeTab } from "./support/close.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { isAccessible } from "./support/looks.ts";

/** What the browser and htmx print about an answer that a test spoils. */
const SPOILT = { tolerated: [/status of (403|503)/, /ERR_/, /htmx/i, /CORS/] };
const SECOND = 1_000;

let console: ConsoleUnderTest;
let dispatch: string;
beforeAll(async () => {
  console = await startConsole();
  const [made] = await insertHistory(console.system.database, [{ status: "complete", attempts: 1 }]);
  dispatch = made?.id ?? "";
});
afterEach(() => console.system.faults.clear());
afterAll(() => console.stop());

const live = (page: Page) => page.locator("#live").innerText();
const health = (page: Page) => page.locator("#health-summary").innerText();
const filter = (page: Page) => page.evaluate(`getComputedStyle(document.getElementById("main")).filter`);

/** The overview, up to date, with a clock that the test controls. */
async function openOverview(): Promise<Page> {
  const page = await console.openAlone("/", SPOILT);
  await page.clock.install();
  await page.reload();
  await page.locator("#figures").waitFor();
  expect(await live(page)).toBe("Live");
  expect(await health(page)).toMatch(/^Healthy\./);
  return page;
}

/** Spoils the page's answers from now on. Returns a function that ends this. */
async function spoil(page: Page, how: (route: Route) => unknown) {
  const here = (url: URL) => url.pathname === "/" || url.pathname === "/figures";
  const held: Route[] = [];
  await page.route(here, async (route) => {
    held.push(route);
    await how(route);
  });
  return async () => {
    await page.unroute(here);
    await Promise.allSettled(held.map((route) => route.abort()));
  };
}

const html = (status: number, body: string) => (route: Route) =>
  route.fulfill({ status, contentType: "text/html", body: `<!doctype html><title>x</title><body>${body}</body>` });

const LOGIN = `<main><h1>Sign in to acme</h1><form><input type="password"></form></main>`;
const REFUSED = "<main><h1>You are not signed in</h1></main>";

interface Spoilt {
  how(page: Page): Promise<() => Promise<unknown>>;
  /** What the page says about it. */
  says: string;
  signIn?: true;
  /** Whether axe checks it: once for each set of buttons; otherwise only one sentence differs. */
  seen?: true;
}

const away = async () => {
  await console.system.faults.plan({ place: "database", fault: "refuse", times: 1_000 });
  return () => console.system.faults.clear();
};

describe("an open page says within one refresh that it is not current, since when and why, and is current again with the next answer", () => {
  test.each<[string, Spoilt]>([
    ["the database is away", { how: away, says: "The database does not answer (HTTP 503).", seen: true }],
    [
      "its reader is signed out",
      {
        how: (page) => spoil(page, html(403, REFUSED)),
        says: "You are signed out, or may no longer open this page (HTTP 403).",
        signIn: true,
        seen: true,
      },
    ],
    [
      "a page to sign in is answered in its place",
      {
        how: (page) => spoil(page, html(200, LOGIN)),
        says: "The answer is another page: you may have to sign in again.",
        signIn: true,
      },
    ],
    [
      "the answer leads to a sign-in on another host",
      {
        how: (page) =>
          spoil(page, (route) => route.fulfill({ status: 302, headers: { Location: "https://acme.example/login" } })),
        says: "You are signed out: the answer was a sign-in page.",
        signIn: true,
      },
    ],
    [
      "nothing is answered",
      {
        how: (page) => spoil(page, html(200, "")),
        says: "The answer is another page: you may have to sign in again.",
        signIn: true,
      },
    ],
    [
      "the console cannot be reached",
      { how: (page) => spoil(page, (route) => route.abort()), says: "The console cannot be reached." },
    ],
  ])("when %s", async (_, { how, says, signIn, seen }) => {
    const page = await openOverview();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/") asked.push(request.url());
    });
    const heal = await how(page);
    await page.clock.fastForward(5 * SECOND);
    await expect.poll(() => live(page)).toMatch(/^Not current: \d+ s$/);
    // The page says that it is late before it knows why.
    await expect
      .poll(() => page.locator("#stale").innerText())
      .toMatch(
        new RegExp(
          `^Not current: this is how it was at \\d\\d:\\d\\d:\\d\\d\\. ${says.replaceAll(/[.()]/g, "\\$&")} Asked again in \\d+ s\\.`,
        ),
      );
    expect(await page.locator("#stale button:visible").innerText()).toBe(signIn ? "Sign in again" : "Ask now");
    // The earlier content stays and is marked as such, without a colour that tells its state.
    expect(await health(page)).toMatch(/^As of \d\d:\d\d:\d\d\s+Healthy\./);
    expect(await page.locator("#figures").count()).toBe(1);
    expect(await filter(page)).toBe("grayscale(1)");
    // It asks less and less often: after ten seconds, and then after twenty.
    await page.clock.fastForward(11 * SECOND);
    await expect.poll(() => page.locator("#stale-next").innerText()).toMatch(/^Asked again in (1[1-9]|20) s\.$/);
    expect(asked.length).toBeGreaterThanOrEqual(2);
    if (seen) await isAccessible(page);

    await heal();
    await page.clock.fastForward(60 * SECOND);
    await expect.poll(() => live(page)).toBe("Live");
    expect(await page.locator("#stale").isVisible()).toBe(false);
    expect(await health(page)).toMatch(/^Healthy\./);
    expect(await filter(page)).toBe("none");
    expect(await page.locator(".part-fault").count()).toBe(0);
  });

  test("when an answer hangs: after five seconds, and the request is given up after thirty", async () => {
    const page = await openOverview();
    const heal = await spoil(page, () => undefined);
    await page.clock.fastForward(5 * SECOND);
    await page.clock.fastForward(6 * SECOND);
    await expect.poll(() => live(page)).toMatch(/^Not current: 1\d s$/);
    expect(await page.locator("#stale-why").innerText()).toBe("The console has not answered yet.");
    expect(await health(page)).toMatch(/^As of /);
    await page.clock.fastForward(30 * SECOND);
    await expect
      .poll(() => page.locator("#stale-why").innerText())
      .toBe("The console does not answer: the request timed out.");
    await heal();
    await page.getByRole("button", { name: "Ask now" }).click();
    await expect.poll(() => live(page)).toBe("Live");
  });

  test("when it comes back to the front after a while", async () => {
    const page = await openOverview();
    const heal = await spoil(page, () => undefined);
    await page.evaluate(`Object.defineProperty(document, "hidden", { value: true, configurable: true })`);
    await page.clock.fastForward(600 * SECOND);
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))`);
    expect(await live(page)).toMatch(/^Not current: 10 min$/);
    await heal();
    await page.keyboard.press("r");
    await page.clock.fastForward(60 * SECOND);
    await expect.poll(() => live(page)).toBe("Live");
  });
});

test("a part that fails alone says so, and the rest of the page is current", async () => {
  const page = await openOverview();
  await page.route(
    "**/figures?*",
    html(503, `<main><div class="error-box"><p class="strong">It took too long</p></div></main>`),
  );
  await page.clock.fastForward(61 * SECOND);
  const fault = page.locator(".part-fault");
  await expect.poll(() => fault.allInnerTexts()).toEqual(["Not refreshed: It took too long (HTTP 503)."]);
  await expect.poll(() => live(page)).toBe("Live");
  expect(await page.locator("#figures .tile").count()).toBeGreaterThan(0);
  await page.unroute("**/figures?*");
  await page.clock.fastForward(61 * SECOND);
  await expect.poll(() => fault.count()).toBe(0);
});

test("an answer for one part does not make a page current that is not", async () => {
  const page = await openOverview();
  await page.route(
    (url) => url.pathname === "/",
    () => undefined,
  );
  await page.clock.fastForward(5 * SECOND);
  await page.clock.fastForward(6 * SECOND);
  await expect.poll(() => health(page)).toMatch(/^As of /);
  await insertHistory(console.system.database, [{ status: "complete", attempts: 1 }]);
  const told = page.evaluate(`new Promise((resolve) => {
    addEventListener("htmx:after:swap", () => resolve(document.querySelector("#health-summary .as-of") !== null));
    document.querySelector('.deferred:has(#figures)').dispatchEvent(new Event("again"));
  })`);
  expect(await told).toBe(true);
});

test("a page that was stopped says of which time it is", async () => {
  const page = await openOverview();
  await page.keyboard.press("l");
  expect(await live(page)).toMatch(/^Stopped \d\d:\d\d:\d\d$/);
  expect(await health(page)).toMatch(/^As of \d\d:\d\d:\d\d\s+Healthy\./);
});

test("a page that was loaded while the database was down says once what is wrong, and appears when there is an answer", async () => {
  const heal = await away();
  const paths = [
    "/",
    "/dispatches",
    "/events",
    "/destinations",
    "/destinations/OWN",
    "/operations",
    `/dispatches/${dispatch}`,
  ];
  // Side by side, since each waits until the hub has tried often enough.
  const opened = paths.map(async (path) => {
    const page = await console.open(path, SPOILT);
    await page.waitForLoadState("networkidle");
    expect([path, await page.getByRole("alert").count()]).toEqual([path, 1]);
    expect((await page.locator("main").innerText()).match(/The database does not answer/g)).toHaveLength(1);
    if ((await page.locator("#live").count()) > 0) expect([path, await live(page)]).toEqual([path, "No answer"]);
    await closeTab(page);
  });
  await Promise.all(opened);
  const page = await console.openAlone("/", SPOILT);
  await page.clock.install();
  await page.reload();
  expect(await health(page)).toMatch(/^Unknown/);
  await heal();
  await page.clock.fastForward(60 * SECOND);
  await expect.poll(() => health(page)).toMatch(/^Healthy\./);
  expect(await live(page)).toBe("Live");
  await expect.poll(() => page.locator("#figures").count()).toBe(1);
});
