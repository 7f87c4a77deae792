/** Tells the time. */
export type Clock = () => Date;

/**
 * The database's clock, as far as an executor knows it: the time that the database last reported (milliseconds since 1970), plus the time since. The
 * executor's own clock may be minutes off, and is not used.
 */
export function databaseClock(saidMs: number): Clock {
  const heardAt = performance.now();
  return () => new Date(saidMs + (performance.now() - heardAt));
}
