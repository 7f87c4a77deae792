/** Limits of comparisons, sign-ins and tokens. Those of operators' calls are in ../operator-limits.ts. */

/** The most events of one comparison of two route configurations: all are read over the network. @beyond The call is refused. */
export const MAX_COMPARED_EVENTS = 1_000_000;

/**
 * How much the clocks of Access and of the console may differ, in seconds: a token is used the moment it is made.
 *
 * @beyond The console refuses the token.
 */
export const CLOCK_TOLERANCE_SECONDS = 10;

/** The shortest token that admits callers of the metrics, in characters. @beyond The metrics Worker answers 503, and says so. */
export const MIN_TOKEN_LENGTH = 16;
