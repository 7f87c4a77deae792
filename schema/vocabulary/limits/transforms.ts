/** Limits of `transform` expressions. */

/**
 * The longest expression of a `transform`, in characters. Ours: what a person can read.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_TRANSFORM_LENGTH = 10_000;

/**
 * The most work of one evaluation, in steps: one for each part of the expression that is evaluated, and one for every 128 characters and every 16
 * members that are handled. Work is counted and not timed, because a Worker's clock stands still while it computes. Ours: about 0.2 s.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_STEPS = 100_000;

/**
 * The most parts of an expression that wait for others at once: recursion, and the members of one object. Each takes memory. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_DEPTH = 10_000;

/**
 * The longest list that an evaluation makes, in members: ranges, `$map`, paths. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_LIST_LENGTH = 10_000;

/**
 * The longest text that an evaluation makes, in characters: the size of a payload.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_TEXT_LENGTH = 1024 * 1024;

/**
 * The largest intermediate value, written out: its characters, and 8 for every value in it. Values share parts, so a few hundred bytes of memory can
 * become gigabytes of JSON. Ours: larger than any payload.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_WEIGHT = 16 * 1024 * 1024;

/**
 * By how many bytes of JSON the result may exceed the payload: a hundred results in one call of `handleBatch` then fit into an isolate. The result
 * has at most MAX_PAYLOAD_BYTES.
 *
 * @beyond The dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_GROWTH_BYTES = 64 * 1024;

/**
 * The longest picture of `$formatNumber`, `$fromMillis` and similar functions, in characters. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_PICTURE_LENGTH = 100;
