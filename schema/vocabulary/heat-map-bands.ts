/** Round durations for people, in milliseconds: the ticks of an axis, and the edges of a heat map's bands. */

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Round durations from 1 ms to 100 days. */
export const ROUND_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20].map((n) => n * MINUTE),
  ...[1, 2, 5, 10].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
];

/**
 * Where the bands of latency begin, in milliseconds. Band n has what took at least `LATENCY_BANDS_MS[n]` and less than the next. The first begins at
 * 0, the last has no end.
 */
export const LATENCY_BANDS_MS: readonly number[] = [0, ...ROUND_MS.filter((ms) => ms <= DAY)];
