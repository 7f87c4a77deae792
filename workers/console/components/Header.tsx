import type { ConsoleContext } from "../env.ts";
import { READS_ONLY } from "../guards/readers-only-read.ts";
import { Icon } from "./Icon.tsx";

/** The pages of the navigation. */
export const SECTIONS = [
  ["overview", "/", "Overview"],
  ["dispatches", "/dispatches", "Dispatches"],
  ["events", "/events", "Events"],
  ["live", "/live", "Live tail"],
  ["destinations", "/destinations", "Destinations"],
  ["routes", "/routes", "Routes"],
  ["operations", "/operations", "Operations"],
  ["emit", "/emit", "Emit"],
] as const;

export type Section = (typeof SECTIONS)[number][0];

interface HeaderProps {
  c: ConsoleContext;
  section?: Section | undefined;
  /** Whether the page is refreshed. */
  live: boolean;
}

/** The header: the current page, the other pages, and the user. */
export const Header = ({ c, section, live }: HeaderProps) => {
  const environment = c.var.environment.name;
  return (
    <header class="top">
      <a class="brand" href="/">
        <svg class="mark" viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
          <path d="M2 8h4l3-5h5M6 8l3 5h5" />
        </svg>
        <span class="brand-name">eventhub</span>
        {environment === undefined ? undefined : (
          <span class="environment" title={environment}>
            {environment}
          </span>
        )}
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
            aria-label="Find by id, key, indexed value or text in a reason"
            placeholder="Find id, key, value…"
            autocomplete="off"
            spellcheck={false}
          />
        </form>
      </search>
      <Tools actor={c.var.actor} reads={c.var.role === "reader"} live={live} />
    </header>
  );
};

/** Parts that only a script can serve are hidden without one (class `js`). */
const Tools = ({ actor, reads, live }: { actor: string; reads: boolean; live: boolean }) => (
  <span class="tools">
    {live ? (
      <button type="button" id="live" class="tool js" aria-pressed="true" title="Refreshed every few seconds (l)">
        <span class="dot" />
        <span id="live-text">Live</span>
      </button>
    ) : undefined}
    <button type="button" id="zone" class="tool js" title="Times in your zone or in UTC (z)">
      UTC
    </button>
    <button type="button" id="theme" class="tool js" title="Light or dark">
      <Icon name="moon" />
      <span class="hidden">Light or dark</span>
    </button>
    <button type="button" id="show-keys" class="tool js" title="Keys (?)">
      ?<span class="hidden"> Keys</span>
    </button>
    <span class="actor" title={`${actor}: signed in, and kept with what you do`}>
      {actor}
    </span>
    {reads ? (
      <span class="tag" title={READS_ONLY}>
        reads only
      </span>
    ) : undefined}
  </span>
);
