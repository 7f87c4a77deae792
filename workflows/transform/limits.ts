/**
 * Most work of one evaluation, in steps: one for each part of the expression that is evaluated, one for every 128 characters and every 16
 * members that are handled. A Worker's clock stands still while it computes, so that work is counted and not timed. Ours: about 0.2 s.
 */
export const MAX_TRANSFORM_STEPS = 100_000;

/** Most parts of an expression that wait for others at once, which is memory: recursion, and the members of one object. Ours. */
export const MAX_TRANSFORM_DEPTH = 10_000;

/** Longest list that an evaluation makes: ranges, `$map`, paths. Ours. */
export const MAX_TRANSFORM_LIST = 10_000;

/** Longest text that an evaluation makes, in characters: the size of a payload. */
export const MAX_TRANSFORM_TEXT = 1024 * 1024;

/**
 * Largest value on the way, written out: characters, and 8 for every value in it. Values share parts, so that a few hundred bytes of memory can
 * be gigabytes of JSON. Ours: what is larger than any payload.
 */
export const MAX_TRANSFORM_WEIGHT = 16 * 1024 * 1024;

/**
 * How much larger than the payload the result may be, in bytes of JSON: a hundred results in one call of `handleBatch` stay below what an
 * isolate holds. At most MAX_PAYLOAD_BYTES in all.
 */
export const MAX_TRANSFORM_GROWTH_BYTES = 64 * 1024;

/** Longest picture of `$formatNumber`, `$fromMillis` and their like, in characters. Ours. */
export const MAX_PICTURE_LENGTH = 100;
