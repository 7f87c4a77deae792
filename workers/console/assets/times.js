// @ts-check
// Shows every time on the page in the reader's own zone or in UTC, and accepts typed times in that zone. The server writes and reads UTC.
import { relative } from "../format/time.ts";
import { chosenZone } from "./chosen-zone.js";
import { clock, exactIn, fieldOf, minuteIn, momentOf, zoneAt, zoneName } from "./zone.ts";

/** @typedef {import("./zone.ts").Zone} Zone */

/** The text of a time, by its `data-format`. @type {Readonly<Record<string, (at: Date, now: Date, zone: Zone) => string>>} */
const FORMATS = {
  relative: (at, now) => relative(at, now),
  clock: (at, now, zone) => clock(at, now, zone),
  exact: (at, _, zone) => named(at, zone),
  minute: (at, _, zone) => minuteIn(at, zone),
};

/** @param {Date} at @param {Zone} zone */
const named = (at, zone) => `${exactIn(at, zone)} ${zoneAt(at, zone)}`;

/** Updates every time on the page. */
export function tellTimes() {
  const [now, zone] = [new Date(), chosenZone()];
  for (const element of document.querySelectorAll("time[data-format]")) {
    const at = new Date(element.getAttribute("datetime") ?? "");
    const text = FORMATS[element.getAttribute("data-format") ?? ""]?.(at, now, zone);
    if (text !== undefined && element.textContent !== text) element.textContent = text;
    const [own, utc] = [named(at, zone), named(at, "UTC")];
    const title = own === utc ? utc : `${own}\n${utc}`;
    if (element.getAttribute("title") !== title) element.setAttribute("title", title);
  }
}

/** Writes the zone's name wherever the server has written UTC: in labels, and on the button that changes it. */
export function tellZone() {
  const [now, zone] = [new Date(), chosenZone()];
  const button = document.getElementById("zone");
  if (button) {
    button.textContent = zoneAt(now, zone);
    button.title = `Times are in ${zoneName(zone)}: ${zone === "UTC" ? "show yours" : "show UTC"} (z)`;
  }
  for (const place of document.querySelectorAll("[data-zone]")) place.textContent = zoneAt(now, zone);
}

/** The zone in which a field is shown. The server fills it in UTC. @type {WeakMap<HTMLInputElement, Zone>} */
const shownIn = new WeakMap();

/** @returns {HTMLInputElement[]} */
const timeFields = (/** @type {ParentNode} */ place) =>
  [...place.querySelectorAll('input[type="datetime-local"]')].filter((one) => one instanceof HTMLInputElement);

/** @param {HTMLInputElement} field @param {Zone} to @returns {string} */
function valueIn(field, to) {
  const from = shownIn.has(field) ? shownIn.get(field) : "UTC";
  const at = field.value === "" ? undefined : momentOf(field.value, from);
  return at === undefined || Number.isNaN(at.getTime()) ? field.value : fieldOf(at, to);
}

/** Shows the values of fields for times in the chosen zone, and names it in their labels. */
export function tellTimeFields() {
  const zone = chosenZone();
  for (const field of timeFields(document)) {
    const value = valueIn(field, zone);
    if (field.value !== value) field.value = value;
    shownIn.set(field, zone);
    const label = field.closest("label")?.querySelector("span");
    const words = label?.textContent?.replace(/\([^)]+\)$/, `(${zoneAt(new Date(), zone)})`);
    if (label && words !== undefined && label.textContent !== words) label.textContent = words;
  }
}

/** Sends the values of fields for times in UTC, as the server reads them. */
export function sendTimesInUtc() {
  document.addEventListener("formdata", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    for (const field of timeFields(event.target)) {
      if (field.name !== "" && event.formData.has(field.name)) event.formData.set(field.name, valueIn(field, "UTC"));
    }
  });
}
