// @ts-check
// Keeps a page fresh: every few seconds htmx fetches it again and morphs what has changed, so that scroll, focus, folds and typed text stay.
(() => {
  const button = document.getElementById("live");
  const text = document.getElementById("live-text");
  if (!button || !text) return;

  /** Longest wait after failures, in milliseconds. */
  const MAX_WAIT_MS = 60_000;

  let on = sessionStorage.getItem("live") !== "off";
  let last = Date.now();
  let failures = 0;
  let asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const main = () => document.getElementById("main");
  const interval = () => Math.min(MAX_WAIT_MS, Number(main()?.dataset.live ?? 5) * 1000 * 2 ** failures);

  /** When each deferred panel was last asked for. @type {Map<string, number>} */
  const askedAt = new Map();
  const loaded = Date.now();

  /** What counts much and changes little is fetched again in its own time. @param {boolean} now */
  function refreshDeferred(now) {
    for (const part of document.querySelectorAll(".deferred")) {
      const every = Number(part.getAttribute("data-every")) * 1000;
      if (!now && Date.now() - (askedAt.get(part.id) ?? loaded) < every) continue;
      askedAt.set(part.id, Date.now());
      part.dispatchEvent(new Event("again"));
    }
  }

  /** Refreshing now would take away what the reader is at: a choice that is open, or text that is marked to be copied. */
  function isBusy() {
    const active = document.activeElement;
    if (active instanceof HTMLSelectElement && main()?.contains(active)) return true;
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && main()?.contains(selection.anchorNode) === true;
  }

  function plan() {
    clearTimeout(timer);
    if (on && !document.hidden) timer = setTimeout(tick, interval());
  }

  function tick() {
    if (isBusy()) plan();
    else refresh();
  }

  /** @param {boolean} [now] Everything, and not only what is due. */
  function refresh(now = false) {
    if (asking) return;
    asking = true;
    main()?.dispatchEvent(new Event("refresh"));
    refreshDeferred(now);
  }

  function show() {
    if (!button || !text) return;
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("stale", on && failures > 0);
    const seconds = Math.round((Date.now() - last) / 1000);
    const words = !on ? "Stopped" : failures > 0 ? `No answer for ${seconds} s` : "Live";
    if (text.textContent !== words) text.textContent = words;
    button.title = `${on ? "Refreshed every few seconds" : "Not refreshed"}; last ${seconds} s ago (l: stop or start, r: now)`;
  }

  button.addEventListener("click", () => {
    on = !on;
    failures = 0;
    sessionStorage.setItem("live", on ? "on" : "off");
    show();
    plan();
  });
  document.addEventListener("refresh-now", () => refresh(true));
  document.addEventListener("visibilitychange", () => {
    // Whoever comes back sees how it is now, not how it was.
    if (!document.hidden && on && Date.now() - last > interval()) refresh();
    plan();
  });

  document.addEventListener("htmx:before:swap", rememberHealth);
  document.addEventListener("htmx:after:swap", () => {
    last = Date.now();
    failures = 0;
    announceHealth();
  });
  document.addEventListener("htmx:error", () => failures++);
  document.addEventListener("htmx:response:error", () => failures++);
  document.addEventListener("htmx:finally:request", () => {
    asking = false;
    show();
    plan();
  });

  let health = "";
  function rememberHealth() {
    health = document.getElementById("health-summary")?.className ?? "";
  }
  /** A health that changes is said aloud; numbers that go up are not. */
  function announceHealth() {
    const now = document.getElementById("health-summary");
    const place = document.getElementById("announce");
    if (now && place && now.className !== health)
      place.textContent = now.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
  }

  setInterval(show, 1000);
  show();
  plan();
})();
