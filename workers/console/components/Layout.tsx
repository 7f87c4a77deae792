import { getCookie } from "hono/cookie";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { ENVIRONMENT_STYLE } from "../assets/environment-style.ts";
import type { ConsoleContext } from "../env.ts";
import { Flash } from "./Flash.tsx";
import { Help } from "./Help.tsx";

/** The pages of the navigation. */
export const SECTIONS = [
  ["overview", "/", "Overview"],
  ["dispatches", "/dispatches", "Dispatches"],
  ["events", "/events", "Events"],
  ["destinations", "/destinations", "Destinations"],
  ["routes", "/routes", "Routes"],
  ["operations", "/operations", "Operations"],
  ["emit", "/emit", "Emit"],
] as const;

export type Section = (typeof SECTIONS)[number][0];

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
  const props: LayoutProps = { ...rest, live };
  const { c, title, charts, children } = props;
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
        <Header {...props} />
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

const Header = ({ c, section, live }: LayoutProps) => (
  <header class="top">
    <a class="brand" href="/">
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
        <path d="M2 8h4l3-5h5M6 8l3 5h5" />
      </svg>
      eventhub
      {c.var.environment.name === undefined ? undefined : <span class="environment">{c.var.environment.name}</span>}
    </a>
    <nav aria-label="Pages">
      {SECTIONS.map(([name, href, text]) => (
        <a href={href} {...(name === section ? { "aria-current": "page" as const } : {})}>
          {text}
        </a>
      ))}
    </nav>
    <search class="search">
      <form action="/search">
        <input
          id="search"
          type="search"
          name="q"
          aria-label="Find by id, idempotency key or text of a reason"
          placeholder="Find id, key, reason"
          autocomplete="off"
          spellcheck={false}
        />
      </form>
    </search>
    <Tools actor={c.var.actor} live={live !== undefined} />
  </header>
);

/** What only a script can do is hidden without one (class `js`). */
const Tools = ({ actor, live }: { actor: string; live: boolean }) => (
  <span class="tools">
    {live ? (
      <button type="button" id="live" class="tool js" aria-pressed="true" title="Refreshed every few seconds (l)">
        <span class="dot" />
        <span id="live-text">Live</span>
      </button>
    ) : undefined}
    <button type="button" id="theme" class="tool js" title="Light or dark">
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d="M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12" />
      </svg>
      <span class="hidden">Light or dark</span>
    </button>
    <button type="button" id="keys" class="tool js" title="Keys (?)">
      ?<span class="hidden"> Keys</span>
    </button>
    <span class="actor" title="Signed in; kept with what you do">
      {actor}
    </span>
  </span>
);
