import type { Page } from "../../../schema/contract/operator.ts";

/** After how many seconds each page is refreshed while it is live, and each part of a page that is fetched after it. */
export const REFRESH_SECONDS = {
  overview: 5,
  deployment: 10,
  /** It counts all results of a day, so it is refreshed less often than other lists. */
  destinations: 15,
  destination: 5,
  /** A list of dispatches or events. */
  list: 5,
  /** The same if it takes long to find, since each refresh repeats the search. */
  slowList: 60,
  /** A dispatch that is ongoing, or an event with such a dispatch. */
  ongoing: 2,
  /** One whose dispatches are final. */
  final: 10,
  live: 1,
  operations: 5,
  startingOperation: 1,
  runningOperation: 1,
  /** The operation has ended, and its dispatches have not. */
  waitingOperation: 2,
  /** The same, or a running one, with so many dispatches that counting them takes long. */
  largeOperation: 5,
  endedOperation: 10,
  route: 15,
  /** The part of a page about the deployment. */
  deploymentPart: 60,
  /** The part of a page about the health of destinations. */
  healthPart: 60,
  /** The charts of one destination or route. */
  ownCharts: 60,
  /** The charts of the overview, by period. The longer the period, the more slowly they change. */
  charts: { "1h": 10, "24h": 60, "7d": 300, "30d": 900 } as Readonly<Record<string, number>>,
} as const;

/** The longest that finding a list may take for the usual refreshes, in milliseconds. */
const QUICK_MS = 500;

/**
 * The seconds between refreshes of a list that was requested at `began`; `undefined` if its search is not finished, because such a list is not
 * refreshed.
 */
export function listSeconds(page: Page<unknown> | undefined, began: Date): number | undefined {
  if (page?.looked !== undefined) return undefined;
  return Date.now() - began.getTime() > QUICK_MS ? REFRESH_SECONDS.slowList : REFRESH_SECONDS.list;
}
