import { getCookie } from "hono/cookie";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { ENVIRONMENT_STYLE } from "../assets/environment-style.ts";
import type { ConsoleContext } from "../env.ts";
import { Header, type Section } from "./Header.tsx";
import { Help } from "./Help.tsx";

export interface LayoutProps {
  c: ConsoleContext;
  title: string;
  section?: Section | undefined;
  /** The seconds between two refreshes. Without it, the page is not refreshed. */
  live?: number | undefined;
  /** Whether the page has charts. */
  charts?: boolean | undefined;
  children?: Child;
}

/** How long a refresh may take, in milliseconds. The hub gives up waiting for the database before that. */
const REFRESH_TIMEOUT_MS = 30_000;

/** The settings of htmx: it adds no styles, leaves what readers have opened open, and keeps the page if a refresh fails. */
const HTMX = JSON.stringify({
  defaultTimeout: REFRESH_TIMEOUT_MS,
  includeIndicatorCSS: false,
  history: false,
  morphIgnore: ["data-htmx-powered", "open"],
  noSwap: [204, 304, "4xx", "5xx"],
});

/** The layout around the content of every page. */
export function Layout({ live: wanted, ...rest }: LayoutProps) {
  // The answer to a form keeps what was typed. It is not refreshed, because its URL cannot be fetched again.
  const live = rest.c.req.method === "GET" ? wanted : undefined;
  const { c, title, section, charts, children } = rest;
  const { asset, environment } = c.var;
  const theme = themeOf(c);
  return html`<!doctype html>${(
    <html lang="en" {...(theme === undefined ? {} : { "data-theme": theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme ?? "light dark"} />
        <meta name="htmx-config" content={HTMX} />
        <title>{`${title} · ${environment.name ?? "eventhub"}`}</title>
        <link rel="icon" href={asset("icon.svg")} />
        {charts ? <link rel="stylesheet" href={asset("uPlot.min.css")} /> : undefined}
        <link rel="stylesheet" href={asset("console.css")} />
        <link rel="stylesheet" href={ENVIRONMENT_STYLE} />
        {charts ? <script defer src={asset("uPlot.iife.min.js")} /> : undefined}
        <script defer src={asset("console.browser.js")} />
        {charts ? <script defer src={asset("charts.browser.js")} /> : undefined}
        {live === undefined ? undefined : <script defer src={asset("htmx.min.js")} />}
        {live === undefined ? undefined : <script defer src={asset("live.browser.js")} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <Header c={c} section={section} live={live !== undefined} />
        <Flash done={c.req.query("done")} />
        <div id="announce" class="hidden" aria-live="polite" />
        <main id="main" tabindex={-1} {...(live === undefined ? {} : liveAttributes(c, live))}>
          {children}
        </main>
        {live === undefined ? undefined : <StaleNote />}
        <Help />
      </body>
    </html>
  )}`;
}

/** `light` or `dark`, if the reader has chosen one. assets/console.browser.js writes the cookie. */
function themeOf(c: ConsoleContext): string | undefined {
  const theme = getCookie(c, "theme");
  return theme === "light" || theme === "dark" ? theme : undefined;
}

/** The script sends the event `refresh`. htmx then fetches this page and morphs the changed parts. */
function liveAttributes(c: ConsoleContext, seconds: number) {
  const url = new URL(c.req.url);
  url.searchParams.delete("done");
  return {
    "data-live": String(seconds),
    "hx-get": `${url.pathname}${url.search}`,
    "hx-trigger": "refresh",
    "hx-select": "#main",
    "hx-swap": "outerMorph",
  };
}

/** Tells why the page may be out of date. assets/live.browser.js fills and shows it. It lies over the page, so that nothing moves. */
const StaleNote = () => (
  <aside id="stale" aria-label="Whether this page is current" hidden>
    <p>
      <b id="stale-when" /> <span id="stale-why" role="status" /> <span id="stale-next" class="dim" />
    </p>
    <button type="button" id="stale-again" class="button">
      Ask now
    </button>
    <button type="button" id="stale-sign-in" class="button primary">
      Sign in again
    </button>
  </aside>
);

/** The texts that tell what an action has done, on the page that it leads to (`?done=`). */
const DONE = {
  retried: "Retried: this is the new dispatch.",
  cancelled: "Cancelled: it will not be delivered.",
  noted: "Saved: the note is shown with its incident.",
  stopped: "Stopped: it makes no more dispatches. Those that it has made stay.",
  paused: "Paused: its dispatches are held until it is resumed.",
  resumed: "Resumed: held dispatches go out, oldest first.",
  "key-paused": "Paused: this key is held until it is resumed; the others go on.",
  "key-resumed": "Resumed: this key takes its turn again.",
  released: "Released: its key goes on without the failed dispatch.",
  "limits-set": "Set: these limits apply for a while, starting now.",
  reset: "Reset: the configured limits apply again.",
} as const;

const Flash = ({ done }: { done: string | undefined }) => (
  <div id="flash" role="status">
    {done !== undefined && Object.hasOwn(DONE, done) ? <p>{DONE[done as keyof typeof DONE]}</p> : undefined}
  </div>
);
