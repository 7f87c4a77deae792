/** Limits of one Workflow instance, and so of a group: what it calls, at once and in its life. */

/**
 * The most dispatches in one Workflow instance, and so in one call of `handleBatch`. Ours: the rows of one claim.
 *
 * @beyond A larger `groupSize` is refused with the configuration. More dispatches go to several instances.
 */
export const MAX_GROUP_SIZE = 100;

/**
 * The most calls that one Workflow instance has in flight. Ours: as many as a consumer's isolate of 128 MB and its own database can bear.
 *
 * @beyond The other calls of the instance wait for a place.
 */
export const MAX_CALLS_IN_FLIGHT = 16;

/**
 * The most dispatches in an instance after the platform has refused a call, or an executor has died, in a larger one; after that, each is alone.
 * Ours.
 *
 * @beyond The dispatches go to several instances.
 */
export const SMALL_GROUP_SIZE = 10;

/**
 * How long after the claim further calls of a group start, in milliseconds. Dispatches that would wait longer for a place go to other instances.
 * Ours.
 *
 * @beyond What has not begun goes to other instances.
 */
export const CALLS_BEGIN_MS = 2_000;

/**
 * For how long the largest possible size of a destination's groups is remembered, in milliseconds: an hour. Then larger groups are tried again.
 *
 * @beyond Larger groups are tried again.
 */
export const LEARNED_SIZE_MS = 3_600_000;

/**
 * The most calls in the life of one Workflow instance. Ours: half of the 10,000 subrequests that the platform allows.
 *
 * @beyond The instance ends, and another one continues.
 * @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_CALLS_IN_INSTANCE = 5_000;

/**
 * The most payload in one group, in bytes: the database sends it in one answer, and one isolate holds it. The limit of RPC itself is 32 MiB.
 *
 * @beyond The dispatches go to several instances, or to several calls.
 */
export const MAX_GROUP_BYTES = 4 * 1024 * 1024;
