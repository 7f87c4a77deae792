import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_DESTINATION_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";
import { readSearch } from "../../workers/console/forms/filters.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";

/**
 * Texts that would open a dialog or send a request to another host if some page treated them as more than text. The harness fails a test for either.
 */
const HOSTILE: readonly string[] = [
  `<script>alert("script")</script>`,
  `</script><script>alert("end")</script>`,
  `"><img src=x onerror=alert("attribute")>`,
  `' onmouseover=alert("quote") autofocus onfocus=alert("focus") x='`,
  `</textarea></title></style></pre></template><svg onload=alert("svg")>`,
  `<iframe srcdoc="<script>alert('frame')</script>"></iframe>`,
  `javascript:alert("link")`,
  `<a href="javascript:alert('a')">a</a>`,
  `<form action=https://evil.example><button>b</button></form><link rel=stylesheet href=https://evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example"><base href=https://evil.example/>`,
  `<div hx-get="https://evil.example" hx-trigger="load" data-live="1">c</div>`,
  `\${alert(1)} {{constructor.constructor('alert(1)')()}} %3Cscript%3Ealert(1)%3C/script%3E`,
  `]]><!--<script>alert("comment")//--></script>\u2028alert(1)\u2029`,
];
/** Characters that nobody would see, or that would reverse the text after them: sequences for a terminal, C1, bidi overrides, separators. */
const UNSEEN = "gnp.\u202eexe\u2066\u200f \u001b]52;c;aGk=\u0007\u009b2J\u2028\u0085\ufeff ende";
const SPELT = "gnp.\\u202eexe\\u2066\\u200f \\u001b]52;c;aGk=\\u0007\\u009b2J\\u2028\\u0085\\ufeff ende";
const KEY = `${HOSTILE.slice(0, 3).join(" ")} ${UNSEEN}`;

let console: ConsoleUnderTest;
let event: string;
let dispatch: string;
beforeAll(async () => {
  console = await startConsole({ ENVIRONMENT_NAME: `<b>"'&` });
  const payload = Object.fromEntries(
    HOSTILE.map((text, index) => [text, index % 2 === 0 ? text : [text, { [text]: text }]]),
  );
  const reason = `${HOSTILE.join(" ").slice(0, 800)} ${UNSEEN}`;
  const script = [{ return: { result: "failed", retry: false, reason } }];
  const { events } = await console.system.emit(
    { to: "SCRIPTED", ...payload, [UNSEEN]: UNSEEN, script },
    { idempotencyKey: KEY },
  );
  event = events[0]?.id ?? "";
  dispatch = (await console.system.settled(event))[0]?.id ?? "";
  await console.system.operate("pauseDestination", "SCRIPTED", KEY, { actor: `<img src=x onerror=alert("actor")>` });
});
afterAll(() => console.stop());

/**
 * Finds everything in a document that could run or lead elsewhere. Every script is the console's, nothing runs from an attribute, and nothing leads
 * to another origin.
 */
const FOUND = `((page) => {
  const all = [...page.querySelectorAll("*")];
  return {
    scripts: [...page.querySelectorAll("script")].filter((one) => one.type !== "application/json" && !new URL(one.getAttribute("src") ?? "", location.href).href.startsWith(location.origin + "/assets/"))
      .map((one) => one.outerHTML),
    handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => /^(on|style$|hx-on)/.test(name)).map((name) => one.tagName + " " + name))
      .filter((text) => !text.endsWith(" style") || !page.querySelector(".u-wrap, .uplot")),
    leads: all.flatMap((one) => ["href", "src", "action", "hx-get"].map((name) => one.getAttribute(name)))
      .filter((url) => url !== null && new URL(url, location.href).origin !== location.origin && !url.startsWith("data:")),
    frames: page.querySelectorAll("iframe, object, embed, base").length,
  };
})`;
const NOTHING = { scripts: [], handlers: [], leads: [], frames: 0 };

/** Checks that nothing of the page is markup of a payload. */
async function isPlain(page: Page): Promise<void> {
  expect(await page.evaluate(`${FOUND}(document)`), page.url()).toEqual(NOTHING);
}

describe("markup in what producers and consumers send is text", () => {
  const pages: [string, () => string][] = [
    ["the overview", () => "/"],
    ["the dispatches", () => "/dispatches"],
    ["a dispatch", () => `/dispatches/${dispatch}`],
    ["the events", () => "/events"],
    ["an event", () => `/events/${event}`],
    ["the destinations", () => "/destinations"],
    ["a destination", () => "/destinations/SCRIPTED"],
    ["the routes, for the event", () => `/routes?event=${event}`],
    ["the operations", () => "/operations"],
  ];
  test.each(pages)("on the page of %s", async (_, path) => {
    const page = await console.open(path());
    await isPlain(page);
    // Unfolds everything that is folded, and hovers over and focuses everything.
    await page.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = true; })`);
    for (let presses = 0; presses < 40; presses++) await page.keyboard.press("Tab");
    await isPlain(page);
  });

  test("and is shown unchanged", async () => {
    const page = await console.open(`/events/${event}`);
    const text = await page.locator("main").innerText();
    expect(text).toContain(`</script><script>alert(\\"end\\")</script>`);
    expect(await (await console.open(`/dispatches/${dispatch}`)).locator("main").innerText()).toContain(HOSTILE[0]);
  });
});

describe("invisible characters are spelt out", () => {
  const HIDDEN = /(?!\u200c|\u200d|\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
  test.each<[string, () => string]>([
    ["a dispatch", () => `/dispatches/${dispatch}`],
    ["an event", () => `/events/${event}`],
    ["a destination", () => "/destinations/SCRIPTED"],
    ["the dispatches", () => "/dispatches"],
    ["the operations", () => "/operations"],
  ])("on the page of %s, also in its title and in the text for screen readers", async (_, path) => {
    const page = await console.open(path());
    const shown = (await page.evaluate(`[document.title, document.body.innerText,
      ...[...document.querySelectorAll("[title], [aria-label]")].flatMap((one) => [one.title, one.ariaLabel ?? ""])].join("\\n")`)) as string;
    expect(HIDDEN.exec(shown)).toBeNull();
  });

  test("and spelt as in JSON", async () => {
    for (const path of [`/dispatches/${dispatch}`, `/events/${event}`])
      expect(await (await console.open(path)).locator("main").innerText()).toContain(SPELT);
  });

  test("but a form has them unchanged", async () => {
    const page = await console.open(`/events?key=${encodeURIComponent(UNSEEN)}`);
    expect(await page.locator("input[name=key]").first().inputValue()).toBe(UNSEEN);
  });
});

describe("markup in an address or a form is text", () => {
  /** An address that carries a text, and the status of its answer. */
  interface Address {
    path: (q: string) => string;
    status: number | ((text: string) => number);
  }
  const statusOf = ({ status }: Address, text: string) => (typeof status === "number" ? status : status(text));
  const FIELDS = Object.keys(readSearch(new URLSearchParams()));
  const everywhere = (q: string) => FIELDS.map((name) => `${name}=${q}`).join("&");
  /** The addresses whose page has the text in its forms: there, each text stands between other characters. */
  const IN_FORMS: readonly Address[] = [
    { path: (q) => `/dispatches?${everywhere(q)}`, status: 400 },
    { path: (q) => `/dispatches/retry?reason=${q}`, status: 200 },
    { path: (q) => `/events?${everywhere(q)}`, status: 400 },
    { path: (q) => `/search?q=${q}`, status: 200 },
    { path: (q) => `/routes?q=${q}`, status: 200 },
  ];
  const IN_TEXT: readonly Address[] = [
    { path: (q) => `/dispatches/${q}`, status: 400 },
    { path: (q) => `/destinations/${q}`, status: (text) => (text.length > MAX_DESTINATION_NAME_LENGTH ? 400 : 404) },
    { path: (q) => `/routes?event=${q}`, status: 400 },
    { path: (q) => `/emit?event=${q}`, status: 400 },
    { path: (q) => `/?done=${q}`, status: 200 },
    { path: (q) => `/nowhere/${q}`, status: 404 },
  ];
  const ADDRESSES = [...IN_FORMS, ...IN_TEXT];
  /** The browser says that a text is not a time, and leaves its field empty. */
  const TOLERATED = { tolerated: [/status of (400|404)/, /does not conform to the required format/] };

  test.each(HOSTILE)("in the console's answer: %s", async (text) => {
    const page = await console.open("/operations", TOLERATED);
    const paths = ADDRESSES.map(({ path }) => path(encodeURIComponent(text)));
    // Read by the browser's own parser, but neither drawn nor run: that takes a tenth of the time.
    const found = await page.evaluate(`Promise.all(${JSON.stringify(paths)}.map(async (path) => {
      const answer = await fetch(path);
      const document = new DOMParser().parseFromString(await answer.text(), "text/html");
      return [path, answer.status, (document.querySelector("main")?.textContent ?? "") !== "", ${FOUND}(document)];
    }))`);
    expect(found).toEqual(
      paths.map((path, index) => [path, statusOf(ADDRESSES[index] as Address, text), true, NOTHING]),
    );
  });

  test.each(ADDRESSES.map(({ path }, index) => [path(""), index] as const))(
    "and when the browser runs it, on %s",
    async (name, index) => {
      const page = await console.open("/", TOLERATED);
      const address = ADDRESSES[index] as Address;
      // Outside of forms, the scripts do the same with every text. So each page gets a few texts, and each text some pages.
      const texts = index < IN_FORMS.length ? HOSTILE : HOSTILE.filter((_, other) => other % 4 === index % 4);
      for (const text of texts) {
        const answer = await page.goto(address.path(encodeURIComponent(text)));
        expect([name, answer?.status()]).toEqual([name, statusOf(address, text)]);
        await isPlain(page);
      }
    },
  );

  test("a payload that was typed comes back unchanged", async () => {
    const page = await console.open("/routes");
    const typed = JSON.stringify({ to: HOSTILE });
    await page.locator("textarea").first().fill(typed);
    await page.locator("main form button[type=submit]").first().click();
    await expect.poll(() => page.locator("#explanation [role=status]").count()).toBe(1);
    expect(await page.locator("textarea").first().inputValue()).toBe(typed);
    await isPlain(page);
  });
});
