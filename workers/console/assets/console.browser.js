// @ts-check
// The parts of every page that need a script: times that stay up to date, copying, the theme, keys, forms. Without it, all links and forms still
// work.
import { switchZone } from "./chosen-zone.js";
import { lookOn } from "./look-on.js";
import { savedFilters } from "./saved-filters.js";
import { sendTimesInUtc, tellTimeFields, tellTimes, tellZone } from "./times.js";
import { zoneName } from "./zone.ts";

(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  /** @param {string} text A text for screen readers. */
  const announce = (text) => {
    const place = document.getElementById("announce");
    if (place) place.textContent = text;
  };

  // ---- Times.

  function tellAll() {
    tellTimes();
    tellZone();
    tellTimeFields();
  }
  tellAll();
  sendTimesInUtc();
  setInterval(() => document.hidden || tellTimes(), 1000);
  document.addEventListener("htmx:after:swap", tellAll);
  document.addEventListener("rows-added", tellAll);
  document.addEventListener("zone", tellAll);

  function changeZone() {
    announce(`Times in ${zoneName(switchZone())}`);
  }

  // If the navigation does not fit into a line, this scrolls to the present page.
  const open = document.querySelector(".top nav [aria-current]");
  const pages = open?.parentElement;
  if (open && pages) pages.scrollLeft += open.getBoundingClientRect().left - pages.clientWidth / 2;

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

  // ---- The theme: the system's until the reader chooses one. It is kept in a cookie, so that the server sends pages with it.

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
    if (button?.id === "zone") changeZone();
    if (button?.id === "show-keys") openHelp();
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
  });

  // A filter is sent only when its reader says so. Until then, its button shows that the list below belongs to another filter.
  function markChanged() {
    for (const form of document.querySelectorAll("form[data-filters]")) {
      if (form instanceof HTMLFormElement) form.classList.toggle("changed", [...form.elements].some(isChanged));
    }
  }
  document.addEventListener("input", markChanged);
  document.addEventListener("htmx:after:swap", markChanged);
  /** @param {Element} field */
  function isChanged(field) {
    if (field instanceof HTMLSelectElement)
      return [...field.options].some((one) => one.selected !== one.defaultSelected && one.value !== "");
    if (!(field instanceof HTMLInputElement)) return false;
    if (field.type === "radio") return field.checked !== field.defaultChecked;
    return field.type !== "datetime-local" && field.value !== field.defaultValue;
  }
  // There is one time range: either a period, or from and to.
  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = field instanceof HTMLInputElement ? field.form : null;
    if (!(field instanceof HTMLInputElement) || !form?.matches("[data-filters]")) return;
    for (const one of form.elements) {
      if (!(one instanceof HTMLInputElement)) continue;
      if (field.name === "period" && one.type === "datetime-local") one.value = "";
      if (field.type === "datetime-local" && one.name === "period") one.checked = false;
    }
  });

  // Empty fields do not go into the URL of a search. A second click does not post a form twice.
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
  // A page that comes back from the browser's memory may send its forms again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });

  // ---- The message about an action is shown once, not after a reload.

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
    z: changeZone,
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
    // Arrows scroll, unless the focus is already in a row.
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

  // ---- Searching.

  lookOn(announce);
  savedFilters(announce);
})();
