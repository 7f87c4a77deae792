/** The limits that only operators' calls have. All are ours: a call fits its 20 s, and an operation some kilobytes. */

/** Most ids in a filter. */
export const MAX_FILTER_IDS = 1_000;

/** Longest text that a filter looks for in payloads, in characters: it is kept with the operation. */
export const MAX_FILTER_VALUE = 10_000;

/** Most items of a page. */
export const MAX_PAGE_ITEMS = 500;

/** Longest cursor, in characters: those that pages give have some forty. */
export const MAX_CURSOR_LENGTH = 500;

/** Most dispatches or events that one operation deals with. */
export const MAX_BULK_ITEMS = 10_000_000;

/** Most new dispatches of one operation that become due a second. */
export const MAX_PER_SECOND = 10_000;

/** Longest bucket of counts, in seconds: a year. */
export const MAX_BUCKET_SECONDS = 31_536_000;

/** Most buckets of one answer. */
export const MAX_BUCKETS = 1_000;

/** Operations that are listed: the newest. */
export const MAX_LISTED_OPERATIONS = 100;

/** Most characters of a place that a refusal repeats: a key of the caller's may be of any length. */
export const MAX_TOLD_PLACE = 200;

/** Longest time that an operator's limits hold in the place of the configuration's, in days: what is to last longer belongs there. */
export const MAX_OVERRIDE_DAYS = 30;

/** Longest cursor of a page of keys, in characters: it holds a destination's name and a key. */
export const MAX_FLOW_CURSOR_LENGTH = 2_000;
