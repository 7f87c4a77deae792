// @ts-check
// Keeps a page current: every few seconds htmx fetches it again and morphs the changed parts, so that scroll position, focus, open folds and typed
// text stay. If the page cannot be refreshed, it shows the time of its content, and the reason.
import { duration } from "../format/time.ts";
import { chosenZone } from "./chosen-zone.js";
import { faultOf, faultOfRequest, UNANSWERED, waitMs } from "./live-answer.ts";
import { busyReason } from "./live-busy.js";
import { timeOfDay } from "./zone.ts";

/** @typedef {import("./live-answer.ts").LiveFault} LiveFault */

(() => {
  const button = document.getElementById("live");
  const text = document.getElementById("live-text");
  const note = document.getElementById("stale");
  if (!button || !text || !note) return;

  /** If an answer takes longer than this, the page counts as unanswered, in milliseconds. */
  const GRACE_MS = 5_000;
  /** The wait before checking again whether the reader is busy, in milliseconds. */
  const BUSY_MS = 500;

  const main = () => document.getElementById("main");
  const everyMs = () => Number(main()?.dataset.live ?? 5) * 1000;

  let on = sessionStorage.getItem("live") !== "off";
  /** When the shown content was requested; `undefined` if it is an error. @type {number | undefined} */
  let current = Date.now();
  /** @type {LiveFault | undefined} */
  let fault;
  let failures = 0;
  /** Why the page is not refreshed now. @type {string | undefined} */
  let held;
  /** When the request began whose answer is awaited. @type {number | undefined} */
  let asked;
  let isForced = false;
  let nextAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const loaded = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
  const status = loaded?.responseStatus ?? 200;
  // A repeated request would be refused again.
  if (status >= 400 && status < 500) {
    button.hidden = true;
    return;
  }
  if (status >= 500) {
    current = undefined;
    fault = faultOf({ status, hasPart: true, says: saysOf(document) });
    failures = 1;
  }

  // ---- Asking.

  function plan(ms = waitMs(everyMs(), failures)) {
    clearTimeout(timer);
    nextAt = Date.now() + ms;
    if (on && !document.hidden) timer = setTimeout(tick, ms);
  }

  function tick() {
    held = busyReason(main());
    if (held === undefined) refresh();
    else plan(BUSY_MS);
    show();
  }

  /** @param {boolean} [now] Refresh everything, even what is not due yet, and whatever the reader is doing. */
  function refresh(now = false) {
    if (asked !== undefined) return;
    asked = Date.now();
    isForced = now;
    main()?.dispatchEvent(new Event("refresh"));
    refreshParts(now);
  }

  /** When each deferred panel was last requested. @type {Map<string, number>} */
  const partAskedAt = new Map();
  const began = Date.now();

  /**
   * Requests the deferred panels that are due. They are expensive to count and change slowly, so each has an interval of its own.
   * @param {boolean} now
   */
  function refreshParts(now) {
    for (const part of document.querySelectorAll(".deferred")) {
      const every = Number(part.getAttribute("data-every")) * 1000;
      if (!now && Date.now() - (partAskedAt.get(part.id) ?? began) < every) continue;
      partAskedAt.set(part.id, Date.now());
      part.dispatchEvent(new Event("again"));
    }
  }

  // ---- Answers. The page and each of its deferred parts are judged separately.

  /** @param {ParentNode} page */
  function saysOf(page) {
    const place = page.querySelector(".error-box .strong") ?? page.querySelector("h1");
    return place?.textContent?.trim() || undefined;
  }

  /** @param {any} detail The content that htmx is about to put into the page. @returns {LiveFault | undefined} */
  function faultOfAnswer({ ctx, tasks }) {
    const { status } = ctx.response;
    if (status === 304) return undefined;
    const part = tasks.find((/** @type {any} */ task) => task.type === "main")?.fragment.firstElementChild;
    const hasPart = part?.matches(ctx.sourceElement === main() ? "main[data-live]" : "*") === true;
    const says = status < 400 ? undefined : saysOf(new DOMParser().parseFromString(ctx.text, "text/html"));
    return faultOf({ status, hasPart, says });
  }

  /** Whether this replaces something. Content that comes for the first time has its room reserved. @param {any} ctx */
  const isThere = ({ sourceElement, select }) =>
    sourceElement === main() || sourceElement.querySelector(select) !== null;

  /** Drops an answer. The part is requested again when the reader is no longer busy. @param {Element} place */
  function putOff(place) {
    if (place !== main()) return void partAskedAt.set(place.id, 0);
    fault = undefined;
    failures = 0;
    held = busyReason(place);
  }

  /** @param {any} ctx @param {LiveFault | undefined} found */
  function settle({ sourceElement }, found) {
    if (sourceElement !== main()) return tellPart(sourceElement, found);
    if (found === undefined) {
      const wasFaulty = fault !== undefined;
      current = asked ?? Date.now();
      failures = 0;
      // Parts that failed together with the page are requested again with it.
      if (wasFaulty)
        for (const part of document.querySelectorAll(".deferred[data-stale]")) part.dispatchEvent(new Event("again"));
    } else failures++;
    fault = found;
  }

  /** Shows why a part is missing or out of date. @param {Element} part @param {LiveFault | undefined} found */
  function tellPart(part, found) {
    part.querySelector(".part-fault")?.remove();
    part.toggleAttribute("data-stale", found !== undefined);
    if (found === undefined) return;
    const words = document.createElement("p");
    words.className = "part-fault bad";
    words.textContent = `Not refreshed: ${found.text}`;
    part.prepend(words);
  }

  /** The ETag of the answer that a page or a part was made of. @type {WeakMap<Element, string | null>} */
  const tags = new WeakMap();

  /** @param {Event} event @returns {any} */
  const ctxOf = (event) => /** @type {CustomEvent} */ (event).detail.ctx;

  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = ctxOf(event);
    // A sign-in is on another host. If the redirect were followed, it would look like no answer.
    request.redirect = "manual";
    // Unchanged content is not sent again.
    const tag = tags.get(sourceElement);
    if (tag) request.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = ctxOf(event);
    const found = faultOfAnswer(/** @type {CustomEvent} */ (event).detail);
    if (found !== undefined || ctx.response.status === 304) {
      event.preventDefault();
      settle(ctx, found);
    } else if (!isForced && isThere(ctx) && busyReason(main()) !== undefined) {
      event.preventDefault();
      putOff(ctx.sourceElement);
    } else if (ctx.sourceElement === main()) {
      tellHealth(undefined);
      rememberHealth();
    }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = ctxOf(event);
    tags.set(ctx.sourceElement, ctx.response.headers.get("ETag"));
    settle(ctx, undefined);
    if (ctx.sourceElement === main()) announceHealth();
  });
  document.addEventListener("htmx:error", (event) => {
    const ctx = ctxOf(event);
    if (ctx?.request === undefined) return;
    settle(ctx, faultOfRequest(ctx.request.signal?.reason === "timeout", navigator.onLine));
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (ctxOf(event).sourceElement !== main()) return;
    asked = undefined;
    plan(held === undefined ? undefined : BUSY_MS);
    show();
  });

  // ---- The page's own statements.

  /** Whether the content may have changed: a refresh was due, and the time for its answer is over. */
  const isLate = () => current !== undefined && Date.now() - current > everyMs() + GRACE_MS;

  function show() {
    if (!button || !text || !note) return;
    const why = on ? (fault ?? (isLate() && held === undefined ? UNANSWERED : undefined)) : undefined;
    const asOf = current === undefined ? undefined : timeOfDay(new Date(current), chosenZone(), "medium");
    const seconds = current === undefined ? 0 : Math.round((Date.now() - current) / 1000);
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("stale", why !== undefined);
    document.documentElement.classList.toggle("stale", why !== undefined);
    say(text, wordsOf(why, asOf, seconds));
    const waits = held === undefined ? "" : `; it waits since ${held}`;
    button.title = `${on ? "Refreshed every few seconds" : "Not refreshed"}; last ${seconds} s ago${waits} (l: stop or start, r: now)`;
    tellHealth(why !== undefined || !on || isLate() ? asOf : undefined);

    note.hidden = why === undefined || asOf === undefined;
    if (why === undefined) return;
    say(document.getElementById("stale-when"), `Not current: this is how it was at ${asOf}.`);
    say(document.getElementById("stale-why"), why.text);
    const wait = Math.max(0, Math.round((nextAt - Date.now()) / 1000));
    say(document.getElementById("stale-next"), asked === undefined ? `Asked again in ${wait} s.` : "Asking…");
    for (const one of note.querySelectorAll("button")) one.hidden = (one.id === "stale-sign-in") !== why.signIn;
  }

  /**
   * The words are short, so that the header does not grow.
   * @param {LiveFault | undefined} why
   * @param {string | undefined} asOf
   * @param {number} seconds
   */
  function wordsOf(why, asOf, seconds) {
    // Whole seconds, because tenths were not measured.
    const age = seconds < 10 ? `${seconds} s` : duration(seconds * 1000);
    if (!on) return asOf === undefined ? "Stopped" : `Stopped ${asOf}`;
    if (why !== undefined) return asOf === undefined ? "No answer" : `Not current: ${age}`;
    return held !== undefined && isLate() ? `Held: ${age}` : "Live";
  }

  /** Adds the time to the overview's first sentence. @param {string | undefined} asOf */
  function tellHealth(asOf) {
    const health = document.getElementById("health-summary");
    const told = health?.querySelector(".as-of");
    if (asOf === undefined) return told?.remove();
    const place = told ?? document.createElement("p");
    place.className = "as-of dim";
    say(place, `As of ${asOf}`);
    if (told === undefined || told === null) health?.prepend(place);
  }

  /** @param {Element | null} place @param {string} words */
  function say(place, words) {
    if (place && place.textContent !== words) place.textContent = words;
  }

  let health = "";
  function rememberHealth() {
    health = document.getElementById("health-summary")?.className ?? "";
  }
  /** A change of the health is announced to screen readers; growing numbers are not. */
  function announceHealth() {
    const now = document.getElementById("health-summary");
    if (now && now.className !== health)
      say(document.getElementById("announce"), now.textContent?.replaceAll(/\s+/g, " ").trim() ?? "");
  }

  // ---- The reader's actions.

  button.addEventListener("click", () => {
    on = !on;
    held = undefined;
    sessionStorage.setItem("live", on ? "on" : "off");
    if (on) refresh();
    show();
    plan();
  });
  document.addEventListener("refresh-now", () => refresh(true));
  document.getElementById("stale-again")?.addEventListener("click", () => refresh(true));
  document.getElementById("stale-sign-in")?.addEventListener("click", () => location.reload());
  /** Readers who come back see the present state at once. */
  function comeBack() {
    if (!document.hidden && on && (fault !== undefined || Date.now() - (current ?? 0) > everyMs())) refresh();
    show();
    if (asked === undefined) plan();
  }
  document.addEventListener("visibilitychange", comeBack);
  addEventListener("pageshow", comeBack);
  addEventListener("online", comeBack);
  document.addEventListener("zone", show);

  setInterval(show, 1000);
  show();
  plan();
})();
