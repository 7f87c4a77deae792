// @ts-check
// Finds what the reader is doing that a refresh would disturb: an open choice, selected text, a menu, a button that is about to be clicked.

/** For this long after it moved, the pointer counts as moving, in milliseconds. */
const MOVING_MS = 400;
/** A pointer that has rested on a button for longer than this has been left there, in milliseconds. */
const RESTING_MS = 30_000;
const ACTIONS = "button:hover, .button:hover, input[type=checkbox]:hover";

let movedAt = 0;
let at = "";

/** Notes a movement of the pointer. Browsers also report one if only the page below the pointer has moved. @param {PointerEvent} event */
function moved({ type, screenX, screenY }) {
  const now = `${screenX} ${screenY}`;
  if ((at !== "" && now !== at) || type === "pointerdown") movedAt = Date.now();
  at = now;
}
addEventListener("pointermove", moved, { passive: true });
addEventListener("pointerdown", moved, { passive: true });

/** Why the page must not change now, in a few words; `undefined` if it may. @param {Element | null} main @returns {string | undefined} */
export function busyReason(main) {
  if (main === null) return undefined;
  const active = document.activeElement;
  if (active instanceof HTMLSelectElement && main.contains(active)) return "a choice is open";
  const selection = getSelection();
  if (selection !== null && !selection.isCollapsed && main.contains(selection.anchorNode)) return "text is marked";
  // A filter's menu lies over the list, which may be refreshed.
  if (main.querySelector("details.menu[open]:not(.filters > *)") !== null) return "a menu is open";
  const restsMs = Date.now() - movedAt;
  if (restsMs < MOVING_MS) return "the pointer moves";
  const isMouse = matchMedia("(hover: hover)").matches;
  if (isMouse && restsMs < RESTING_MS && main.querySelector(ACTIONS) !== null) return "the pointer is on a button";
  return undefined;
}
