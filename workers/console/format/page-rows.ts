/** How many rows the console's pages show of something at once; the rest is on further pages, or behind a link. */
export const PAGE_ROWS = {
  /** Of a list, before its pager. */
  list: 50,
  /** Of the live tail, the newest. People cannot read more at that speed. */
  live: 100,
  /** Of what stands beside something else, such as the latest dispatches of a destination. */
  beside: 10,
} as const;
