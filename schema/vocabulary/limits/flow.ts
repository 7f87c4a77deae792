/** Limits of a destination's rate, concurrency, weights and keys. */

/**
 * The least `limit` of a rate: one call in a thousand times its `perSeconds`. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MIN_RATE_LIMIT = 0.001;

/**
 * The largest `limit` of a rate. Ours: more than one destination of a hub gets.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_RATE_LIMIT = 100_000;

/** The longest `perSeconds` of a rate: a day. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RATE_SECONDS = 86_400;

/** The largest `burst` of a rate. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_BURST = 100_000;

/**
 * The longest time after which a rate allows its whole `burst` again, in days. Ours: Postgres computes with that moment.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_REFILL_DAYS = 365;

/**
 * The largest `concurrency` of a limit. Ours: the calls in flight are counted for each one that starts.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_CONCURRENCY = 10_000;

/** The least weight of a key. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MIN_WEIGHT = 0.001;

/** The largest weight of a key. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_WEIGHT = 1_000;

/**
 * The most keys with a weight of their own. Ours: they are sent to the database with each statement.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_WEIGHTS = 1_000;

/**
 * The longest key of a limit or an order that is stored as it is, in Unicode code points. A longer one becomes its beginning and a hash. Ours: an
 * index contains it.
 *
 * @beyond The key becomes its beginning, `~`, and the SHA-256 of all of it.
 */
export const MAX_FLOW_KEY_LENGTH = 200;

/** How much of a longer key is kept, in Unicode code points: enough for a person to recognise it. @beyond Only the hash tells such keys apart. */
export const HASHED_FLOW_KEY_LENGTH = 100;
