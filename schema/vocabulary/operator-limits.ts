/** The limits that only operators' calls have. All are ours: a call must fit into 20 s, and an operation into some kilobytes. */

/** The most ids in a filter. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_FILTER_IDS = 1_000;

/**
 * The longest text that a filter looks for in payloads, in characters: it is stored with the operation.
 *
 * @beyond The call is refused: `[invalid_arguments]`.
 */
export const MAX_FILTER_VALUE = 10_000;

/** The most items of a page. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_PAGE_ITEMS = 500;

/** The most items of one look of a tail. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_TAIL_ITEMS = 1_000;

/** The longest cursor, in characters: those of our pages have about forty. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_CURSOR_LENGTH = 500;

/** The most dispatches or events that one operation deals with. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_BULK_ITEMS = 10_000_000;

/** The largest result of a preview: what the column holds. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_EXPECTED = 2_147_483_647;

/** The most new dispatches of one operation that become due per second. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_PER_SECOND = 10_000;

/** The longest bucket of counts, in seconds: a year. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_BUCKET_SECONDS = 31_536_000;

/** The most buckets of one answer. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_BUCKETS = 1_000;

/**
 * The longest note on an incident, in characters: an answer has five notes of each of twenty incidents.
 *
 * @beyond The call is refused: `[invalid_arguments]`.
 */
export const MAX_NOTE_LENGTH = 1_000;

/** How many characters of a place a refusal repeats: a key from the caller may have any length. @beyond The place is cut. */
export const MAX_TOLD_PLACE = 200;

/**
 * For how many days at most an operator's limits replace those of the configuration: lasting limits belong there.
 *
 * @beyond The call is refused: `[invalid_arguments]`.
 */
export const MAX_OVERRIDE_DAYS = 30;

/**
 * The longest cursor of a page of keys, in characters: it contains a destination's name and a key.
 *
 * @beyond The call is refused: `[invalid_arguments]`.
 */
export const MAX_FLOW_CURSOR_LENGTH = 2_000;
