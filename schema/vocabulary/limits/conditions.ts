/** Limits of a route's conditions: operators, patterns and paths. */

/**
 * The deepest nesting of `allOf`, `anyOf` and `not` in one condition; a bare comparator has depth 1.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_CONDITION_DEPTH = 32;

/** The most comparators and `allOf`, `anyOf`, `not` together in one route. @beyond The configuration is refused, with the place of the fault. */
export const MAX_OPERATORS_PER_ROUTE = 1_000;

/** The most values in one list (`in`, `anythingBut`, `cidr`). @beyond The configuration is refused, with the place of the fault. */
export const MAX_LIST_VALUES = 1_000;

/** The longest pattern of `match` and `wildcard`, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PATTERN_LENGTH = 1_000;

/**
 * The most instructions of a compiled pattern. Linear time may still be long: in the worst case, every instruction costs about 27 ns per character. A
 * pattern of this size then takes 14 s for a payload with one string of a mebibyte. Ours; `[a-f0-9]{40}` has 42.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PATTERN_INSTRUCTIONS = 500;

/** The longest `path`, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PATH_LENGTH = 1_000;

/**
 * The most `..` in one path, including its filters: each multiplies the time by the payload's size. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_DESCENDANT_SEGMENTS = 1;

/**
 * The largest product of the numbers of selectors in a path's segments: `$["a","b"]["c","d"]` has 4. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PATH_FANOUT = 64;
