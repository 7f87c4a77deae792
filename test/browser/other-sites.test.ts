import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeTab } from "./support/close.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { type Site, startSite } from "./support/site.ts";

let console: ConsoleUnderTest;
let site: Site;
beforeAll(async () => {
  [console, site] = await Promise.all([startConsole(), startSite()]);
});
afterAll(async () => {
  await console.stop();
  await site.stop();
});

/** An ongoing dispatch, which waits for a day. */
async function waiting(): Promise<string> {
  const { events } = await console.system.emit({ to: "SCRIPTED" }, { delaySeconds: 86_400 });
  return events[0]?.dispatches[0]?.id ?? "";
}

const statusOf = async (id: string) =>
  (
    await console.system.database.query<{ status: string }>("select status from eventhub.dispatches where id = $1", [
      id,
    ])
  )[0]?.status;
const operations = () => console.system.operate<unknown[]>("listOperations");

/** Opens a page of another site in the browser of a user who has the console open, and waits for the console's answers to it. */
async function lure(html: string, answers = 1): Promise<string[]> {
  site.page = `<!doctype html><title>win a prize</title><body>${html}`;
  await console.open("/");
  const page = await console.profile.newPage();
  try {
    const seen: string[] = [];
    const note = (url: string, answer: string) => {
      if (url.startsWith(console.origin)) seen.push(answer);
    };
    page.on("response", (response) => note(response.url(), String(response.status())));
    page.on("requestfailed", (request) => note(request.url(), "failed"));
    await page.goto(site.origin);
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(answers);
    return seen;
  } finally {
    await closeTab(page);
  }
}

describe("another site's page changes nothing", () => {
  test.each(["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])(
    "with a form that it sends: %s",
    async (type) => {
      const id = await waiting();
      const before = await operations();
      const answers = await lure(
        `<form method="post" enctype="${type}" action="${console.origin}/dispatches/${id}/cancel"><input name="confirm" value="yes"></form>
       <script>document.forms[0].submit()</script>`,
      );
      expect(answers[0]).toBe(type === "text/plain" ? "415" : "403");
      expect([await statusOf(id), await operations()]).toEqual(["ongoing", before]);
    },
  );

  test("with a script", async () => {
    const id = await waiting();
    const before = await operations();
    const answers = await lure(
      `<script>
         const url = "${console.origin}/dispatches/${id}/cancel";
         fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({ confirm: "yes" }) });
         fetch(url, { method: "POST", credentials: "include", headers: { "Content-Type": "application/json" }, body: "{}" }).catch(() => {});
         navigator.sendBeacon(url, new URLSearchParams({ confirm: "yes" }));
       </script>`,
      2,
    );
    expect(answers.filter((answer) => !/^(4\d\d|failed)$/.test(answer))).toEqual([]);
    expect([await statusOf(id), await operations()]).toEqual(["ongoing", before]);
  });

  test("in a frame where a person would be made to click: the console cannot be framed", async () => {
    site.page = `<!doctype html><title>win a prize</title><iframe src="${console.origin}/"></iframe>`;
    const page = await console.profile.newPage();
    const told: string[] = [];
    page.on("console", (message) => told.push(message.text()));
    await page.goto(site.origin, { waitUntil: "load" });
    await expect.poll(() => told.join("\n")).toContain("frame-ancestors 'none'");
    const texts = await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.evaluate("document.body?.innerText ?? ''")),
    );
    expect(texts.join("")).not.toContain("eventhub");
    await closeTab(page);
  });

  test("but the same form on the console's own page does, so the refusals have no other reason", async () => {
    const id = await waiting();
    const page = await console.open(`/dispatches/${id}`);
    await page.evaluate(`(() => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = "/dispatches/${id}/cancel";
      document.body.append(form);
      form.submit();
    })()`);
    // By then its answer has arrived: a page that is closed while it loads another does not always close.
    await page.getByRole("heading", { name: /cancelled/ }).waitFor();
    expect(await statusOf(id)).toBe("cancelled");
    expect((await operations())[0]).toMatchObject({ action: "cancel_dispatch", actor: "ada@example.com" });
  });
});
