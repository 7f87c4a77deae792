/** How many rows the console's pages show of something at once; the rest is on further pages, or behind a link. */
export const PAGE_ROWS = {
  dispatches: 50,
  events: 50,
  operations: 50,
  /** Of the live tail, the newest. */
  live: 100,
  /** Of what stands beside something else, as the latest dispatches of a destination. */
  beside: 10,
} as const;
