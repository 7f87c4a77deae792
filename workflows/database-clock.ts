/** Tells the time. */
export type Clock = () => Date;

/**
 * The database's clock, as far as an executor knows it: what the database has just said (milliseconds since 1970), and what has passed since.
 * The executor's own clock may be minutes off, and is not asked.
 */
export function databaseClock(saidMs: number): Clock {
  const heardAt = performance.now();
  return () => new Date(saidMs + (performance.now() - heardAt));
}
