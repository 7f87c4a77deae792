/** False if an ISO 8601 time names a day that its month does not have: `Date` takes it for one of the next month. */
export function hasDay(isoTime: string): boolean {
  const day = isoTime.slice(0, "2026-01-31".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/** A time without a zone would mean another moment on another machine. */
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** True for an ISO 8601 time with its zone (`2026-11-23T08:00:00Z`), or a day, which begins at midnight UTC. */
export const isMoment = (text: string): boolean => MOMENT.test(text) && hasDay(text) && !Number.isNaN(Date.parse(text));
