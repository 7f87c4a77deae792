// @ts-check
// Filters saved under names in this browser. Each has a name and a query. Findings are not saved.

/** @typedef {{ name: string, query: string }} Saved */

/** @param {string} list @returns {Saved[]} */
function read(list) {
  try {
    const saved = JSON.parse(localStorage.getItem(`filters-${list}`) ?? "[]");
    return Array.isArray(saved)
      ? saved.filter((one) => typeof one?.name === "string" && typeof one?.query === "string")
      : [];
  } catch {
    return []; // written by something else, or reading is not allowed
  }
}

/** @param {string} list @param {Saved[]} saved */
function write(list, saved) {
  localStorage.setItem(`filters-${list}`, JSON.stringify(saved));
}

/** @param {HTMLElement} menu */
function show(menu) {
  const list = menu.dataset.saved ?? "";
  const saved = read(list);
  const items = saved.map(({ name, query }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    // Always a query of this list, whatever was saved.
    link.href = `/${list}?${query.replace(/^\?/, "")}`;
    link.textContent = name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button quiet";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${name}`);
    remove.dataset.forget = name;
    item.append(link, remove);
    return item;
  });
  menu.querySelector(".saved")?.replaceChildren(...items);
  menu.querySelector(".saved-none")?.toggleAttribute("hidden", saved.length > 0);
}

/** @param {(text: string) => void} announce Announces a text to screen readers. */
export function savedFilters(announce) {
  const menus = () =>
    /** @type {HTMLElement[]} */ (
      [...document.querySelectorAll("[data-saved]")].filter((one) => one instanceof HTMLElement)
    );
  const showAll = () => menus().forEach(show);
  showAll();
  document.addEventListener("htmx:after:swap", showAll);

  /** @param {HTMLElement} menu @param {string} query */
  function save(menu, query) {
    const input = menu.querySelector("input");
    const name = input?.value.trim() ?? "";
    if (input === null || name === "") return input?.focus();
    const list = menu.dataset.saved ?? "";
    write(list, [...read(list).filter((one) => one.name !== name), { name, query }]);
    input.value = "";
    show(menu);
    announce(`Saved ${name}`);
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    const menu = event.target.closest("[data-saved]");
    if (!(menu instanceof HTMLElement)) return;
    const { save: query, forget } = event.target.dataset;
    if (query !== undefined) save(menu, query);
    if (forget !== undefined) {
      const list = menu.dataset.saved ?? "";
      write(
        list,
        read(list).filter(({ name }) => name !== forget),
      );
      show(menu);
      announce(`Removed ${forget}`);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    const menu = event.target.closest("[data-saved]");
    const button = menu?.querySelector("[data-save]");
    if (button instanceof HTMLElement) button.click();
  });
}
