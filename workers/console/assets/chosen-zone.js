// @ts-check
// The zone in which the reader wants to see times: their own, or UTC. Stored in the browser.

/** @typedef {import("./zone.ts").Zone} Zone */

/** @returns {Zone} */
export function chosenZone() {
  return localStorage.getItem("zone") === "UTC" ? "UTC" : undefined;
}

/** Switches from one to the other, and informs everything that shows times. @returns {Zone} */
export function switchZone() {
  if (chosenZone() === undefined) localStorage.setItem("zone", "UTC");
  else localStorage.removeItem("zone");
  document.dispatchEvent(new Event("zone"));
  return chosenZone();
}
