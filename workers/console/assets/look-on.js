// @ts-check
// Continues an unfinished search. Its findings are added to the table until a page is full, everything is searched, or the reader stops it.
import { count } from "../format/amounts.ts";
import { PAGE_ROWS } from "../format/page-rows.ts";

/** @param {(text: string) => void} announce Announces a text to screen readers. */
export function lookOn(announce) {
  const place = document.getElementById("looked");
  const table = place && document.querySelector("main table.rows tbody");
  if (!place || !table) return;
  let looked = Number(place.dataset.rows);
  const total = Number(place.dataset.of);
  let stopped = false;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Stop";
  const link = () => /** @type {HTMLAnchorElement | null} */ (place.querySelector("a[rel=next]"));
  const running = (/** @type {boolean} */ on) => {
    const further = link();
    if (further !== null) further.hidden = on;
    button.hidden = !on;
  };
  button.addEventListener("click", () => {
    stopped = true;
    running(false);
    link()?.focus();
  });
  place.append(button);
  running(true);

  /** @param {string} why */
  const end = (why) => {
    stopped = true;
    running(false);
    announce(why);
  };

  /** @param {Document} page The next part of the search. */
  function add(page) {
    const further = page.getElementById("looked");
    for (const row of page.querySelectorAll("main table.rows tbody tr")) table?.append(row);
    const pager = page.querySelector(".pager");
    const mine = document.querySelector(".pager");
    if (pager !== null && mine !== null) mine.replaceWith(pager);
    else if (pager !== null) place?.after(pager);
    looked += Number(further?.dataset.rows ?? 0);
    const next = link();
    const href = further?.querySelector("a[rel=next]")?.getAttribute("href");
    if (further === null || next === null || !href) {
      const found = table?.childElementCount ?? 0;
      const said = `Looked at everything: ${count(found)} found.`;
      place?.replaceChildren(said);
      return end(said);
    }
    next.setAttribute("href", href);
    const text = place?.querySelector("span");
    const theirs = further.querySelector("span");
    if (text && theirs) text.replaceWith(theirs);
    const counted = place?.querySelector("[data-count]");
    const all = place?.querySelector("[data-total]");
    if (counted && all) {
      counted.textContent = count(looked);
      all.textContent = count(Math.max(total, looked));
    }
    const bar = place?.querySelector("progress");
    if (bar) {
      bar.max = Math.max(total, looked, 1);
      bar.value = looked;
    }
    document.dispatchEvent(new Event("rows-added"));
    if ((table?.childElementCount ?? 0) >= PAGE_ROWS.list) end("A page is found.");
  }

  async function run() {
    while (!stopped) {
      const href = link()?.href;
      if (!href) return;
      try {
        const answer = await fetch(href);
        const text = await answer.text();
        if (stopped) return;
        if (!answer.ok) throw new Error(String(answer.status));
        add(new DOMParser().parseFromString(text, "text/html"));
      } catch {
        // The findings stay, and the link continues from there.
        end("The search got no answer: look further to go on.");
        const said = document.createElement("span");
        said.className = "fault";
        said.textContent = "No answer.";
        place?.prepend(said);
      }
    }
  }
  void run();
}
