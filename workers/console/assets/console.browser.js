// @ts-check
// What every page does in the browser: times that stay true, copying, the theme, keys, forms. Without it all links and forms still work.
import { exact, relative } from "../format/time.ts";

(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  /** @param {string} text Said to those who do not see the page. */
  const announce = (text) => {
    const place = document.getElementById("announce");
    if (place) place.textContent = text;
  };

  // ---- Times.

  /** The time of day in the reader's own zone, with its day if it is not today's. @param {Date} at */
  function clock(at) {
    const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    if (at.toDateString() === new Date().toDateString()) return time;
    return `${at.toLocaleDateString([], { month: "short", day: "numeric" })} ${time}`;
  }

  function tellTimes() {
    const now = new Date();
    for (const element of document.querySelectorAll("time[data-format]")) {
      const at = new Date(element.getAttribute("datetime") ?? "");
      const text = element.getAttribute("data-format") === "clock" ? clock(at) : relative(at, now);
      if (element.textContent !== text) element.textContent = text;
      const title = now.getTimezoneOffset() === 0 ? exact(at) : `${at.toLocaleString()}\n${exact(at)}`;
      if (element.getAttribute("title") !== title) element.setAttribute("title", title);
    }
  }
  tellTimes();
  setInterval(() => document.hidden || tellTimes(), 1000);
  document.addEventListener("htmx:after:swap", tellTimes);

  // ---- Copying.

  /** @param {HTMLElement} button */
  async function copy(button) {
    const url = button.dataset.copyUrl;
    const fetched = async () => {
      const response = await fetch(url ?? "");
      if (!response.ok) throw new Error(String(response.status));
      return new Blob([await response.text()], { type: "text/plain" });
    };
    try {
      // As a promise, so that the click still counts as the reader's own after the fetch.
      if (url) await navigator.clipboard.write([new ClipboardItem({ "text/plain": fetched() })]);
      else await navigator.clipboard.writeText(button.dataset.copy ?? "");
      button.classList.add("copied");
      announce("Copied");
    } catch {
      button.classList.add("not-copied");
      announce("Could not be copied");
    }
    setTimeout(() => button.classList.remove("copied", "not-copied"), 1500);
  }

  // ---- The theme: the system's until chosen, kept in a cookie so that the server sends the page right.

  function switchTheme() {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", next);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
    document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
    document.dispatchEvent(new Event("theme"));
    announce(`${next} theme`);
  }

  // ---- Clicks and forms.

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("button");
    if (button?.dataset.copy !== undefined || button?.dataset.copyUrl !== undefined) void copy(button);
    if (button?.id === "theme") switchTheme();
    if (button?.id === "keys") openHelp();
    // A menu closes when something else is clicked.
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.dataset.all !== undefined) {
      for (const box of document.querySelectorAll(`input[form="${input.dataset.all}"]`)) {
        if (box instanceof HTMLInputElement) box.checked = input.checked;
      }
    }
    if (input instanceof HTMLSelectElement && input.form?.dataset.filters !== undefined) input.form.requestSubmit();
  });

  // What is empty does not go into the URL of a search; and nothing is posted twice by a second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.method === "get") {
      const empty = [...form.elements].filter(
        (one) => "value" in one && one.value === "" && "disabled" in one && !one.disabled,
      );
      for (const one of empty) one.setAttribute("disabled", "");
      setTimeout(() => {
        for (const one of empty) one.removeAttribute("disabled");
      });
    } else if (form.method === "post") {
      if (form.dataset.sent !== undefined) event.preventDefault();
      form.dataset.sent = "";
    }
  });
  // A page that comes back from the browser's memory may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });

  // ---- What an action did is said once: a reload does not say it again.

  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
    announce(document.getElementById("flash")?.textContent?.trim() ?? "");
  }
  document.getElementById("payload-fault")?.scrollIntoView({ block: "nearest" });

  // ---- Keys.

  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("help"));
  const keysOn = /** @type {HTMLInputElement | null} */ (document.getElementById("keys-on"));
  if (keysOn) {
    keysOn.checked = localStorage.getItem("keys") !== "off";
    keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
  }

  function openHelp() {
    if (!help?.open) help?.showModal();
  }

  /** @param {1 | -1} step */
  function moveRow(step) {
    const rows = [...document.querySelectorAll("main a[data-row]")].filter((row) => row instanceof HTMLElement);
    const current = document.activeElement?.closest("tr, li")?.querySelector("a[data-row]");
    const at = current instanceof HTMLElement ? rows.indexOf(current) : -1;
    const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  /** @type {Readonly<Record<string, string>>} */
  const PLACES = { o: "/", d: "/dispatches", e: "/events", t: "/destinations", r: "/routes", p: "/operations" };
  /** @type {Readonly<Record<string, () => void>>} */
  const KEYS = {
    "/": () => document.getElementById("search")?.focus(),
    "?": openHelp,
    j: () => moveRow(1),
    k: () => moveRow(-1),
    ArrowDown: () => moveRow(1),
    ArrowUp: () => moveRow(-1),
    r: () => document.dispatchEvent(new Event("refresh-now")),
    l: () => document.getElementById("live")?.click(),
  };
  let went = 0;

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn?.checked || help?.open) return;
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) {
      if (key === "Escape" && target instanceof HTMLElement) target.blur();
      return;
    }
    const place = Date.now() - went < 1500 ? PLACES[key] : undefined;
    went = key === "g" ? Date.now() : 0;
    if (place !== undefined) location.assign(place);
    // Arrows scroll, unless one is among the rows already.
    else if (key.startsWith("Arrow") && !document.activeElement?.matches("a[data-row]")) return;
    else if (KEYS[key] !== undefined) KEYS[key]();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });
})();
