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
  /** Seconds between two refreshes; left out, the page stays as it is. */
  live?: number | undefined;
  /** Whether the page has charts. */
  charts?: boolean | undefined;
  children?: Child;
}

/** htmx is told to leave styles to our file, what people have opened open, and a page that cannot be refreshed as it is. */
const HTMX = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  morphIgnore: ["data-htmx-powered", "open"],
  noSwap: [204, 304, "4xx", "5xx"],
});

/** The page around a page: who, where, what else there is. */
export function Layout({ live: wanted, ...rest }: LayoutProps) {
  // The answer to a form keeps what was typed: its address cannot be fetched again.
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
        <Help />
      </body>
    </html>
  )}`;
}

/** `light` or `dark`, where the reader has chosen one; assets/console.browser.js writes the cookie. */
function themeOf(c: ConsoleContext): string | undefined {
  const theme = getCookie(c, "theme");
  return theme === "light" || theme === "dark" ? theme : undefined;
}

/** The script sends `refresh`; htmx fetches this page and morphs what has changed. */
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

/** What an action has done, said on the page that it leads to (`?done=`). */
const DONE = {
  retried: "Retried: this is the new dispatch.",
  cancelled: "Cancelled: it will not be delivered.",
  paused: "Paused: its dispatches are held until it is resumed.",
  resumed: "Resumed: what was held goes out, oldest first.",
  "key-paused": "Paused: this key is held until it is resumed; the others go on.",
  "key-resumed": "Resumed: this key takes its turn again.",
  released: "Released: its key goes on without what failed.",
  "limits-set": "Set: these limits hold for a while, and at once for what waits.",
  reset: "Reset: the configured limits hold again.",
} as const;

const Flash = ({ done }: { done: string | undefined }) => (
  <div id="flash" role="status">
    {done !== undefined && Object.hasOwn(DONE, done) ? <p>{DONE[done as keyof typeof DONE]}</p> : undefined}
  </div>
);
