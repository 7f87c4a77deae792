/** Limits of the rules by which a destination's health is judged. */

/**
 * The shortest window by which a destination's results are judged, in seconds. Ours: what is shorter is noise.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MIN_HEALTH_WINDOW_SECONDS = 60;

/**
 * The longest one, in seconds: a day, as far back as the view `destination_health` counts.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEALTH_WINDOW_SECONDS = 86_400;

/**
 * The most results, or failures, that a rule about a destination's health can require.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEALTH_RESULTS = 1_000_000;
