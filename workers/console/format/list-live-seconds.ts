import type { Page } from "../../../schema/contract/operator.ts";

/** The seconds between two refreshes of a list. */
const USUAL = 5;

/** The same for a list that takes long to find, since each refresh would repeat the search. */
const SLOW = 60;

/** The longest that finding a list may take for the usual refreshes, in milliseconds. */
const QUICK_MS = 500;

/**
 * The seconds between refreshes of a list that was requested at `began`; `undefined` if its search is not finished, because such a list is not
 * refreshed.
 */
export function liveSeconds(page: Page<unknown> | undefined, began: Date): number | undefined {
  if (page?.looked !== undefined) return undefined;
  return Date.now() - began.getTime() > QUICK_MS ? SLOW : USUAL;
}
