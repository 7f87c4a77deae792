import type { ConsoleContext } from "../env.ts";

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

interface HeaderProps {
  c: ConsoleContext;
  section?: Section | undefined;
  /** Whether the page is refreshed. */
  live: boolean;
}

/** Where one is, what else there is, and who one is. */
export const Header = ({ c, section, live }: HeaderProps) => (
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
    <Tools actor={c.var.actor} live={live} />
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
