/** The limits of a route configuration. All are ours, chosen so that a full configuration fits an isolate's 128 MB and its start-up time. */

/** Most routes of one configuration. */
export const MAX_ROUTES = 20_000;

/** Longest expression of a `transform`, in characters. Ours: what a person can read. */
export const MAX_TRANSFORM_LENGTH = 10_000;

/** Longest name of a route, in Unicode code points. */
export const MAX_ROUTE_NAME_LENGTH = 100;

/** Deepest nesting of `allOf`, `anyOf` and `not` in one condition: a bare comparator has depth 1. */
export const MAX_CONDITION_DEPTH = 32;

/** Most comparators and `allOf`, `anyOf`, `not` together in one route. */
export const MAX_OPERATORS_PER_ROUTE = 1_000;

/** Most values in one list (`in`, `anythingBut`, `cidr`). */
export const MAX_LIST_VALUES = 1_000;

/** Longest pattern of `match` and `wildcard`, in Unicode code points. */
export const MAX_PATTERN_LENGTH = 1_000;

/** Longest `path`, in Unicode code points. */
export const MAX_PATH_LENGTH = 1_000;

/** Longest delay, in seconds: 365 days, the longest sleep of a Workflow. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_DELAY_SECONDS = 31_536_000;

/** Most retries after the first attempt. */
export const MAX_RETRIES = 1_000;

/** Longest wait for a destination's answer, in seconds; a step's timeout, which has to be longer, stays well below the platform's 30 minutes. */
export const MAX_TIMEOUT_SECONDS = 600;
